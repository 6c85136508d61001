#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the sample newspaper's pictures into sample/pictures.

Run by hand when a picture changes (rsvg-convert and ImageMagick); the results are kept in the
tree, so that the build needs neither. Every scene is a function that returns SVG; the seed is
the picture's name, so the same picture comes out each time."""
import math
import os
import random
import subprocess
import sys
import tempfile
import zlib

W, H = 1800, 1200


class Scene:
    def __init__(self, name):
        self.random = random.Random(zlib.crc32(name.encode()))
        self.definitions, self.shapes, self.count = [], [], 0

    def gradient(self, *stops, x2=0, y2=1):
        self.count += 1
        inner = "".join(f'<stop offset="{o}" stop-color="{c}" stop-opacity="{a}"/>' for o, c, a in
                        [(s + (1,))[:3] for s in stops])
        self.definitions.append(f'<linearGradient id="g{self.count}" x1="0" y1="0" x2="{x2}" y2="{y2}">{inner}</linearGradient>')
        return f"url(#g{self.count})"

    def glow(self, x, y, radius, colour, strength=0.9):
        self.count += 1
        self.definitions.append(
            f'<radialGradient id="g{self.count}"><stop offset="0" stop-color="{colour}" stop-opacity="{strength}"/>'
            f'<stop offset=".35" stop-color="{colour}" stop-opacity="{strength * .35}"/><stop offset="1" stop-color="{colour}" stop-opacity="0"/></radialGradient>')
        self.shapes.append(f'<circle cx="{x}" cy="{y}" r="{radius}" fill="url(#g{self.count})"/>')

    def add(self, markup):
        self.shapes.append(markup)

    def rect(self, x, y, w, h, fill, extra=""):
        self.add(f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="{fill}" {extra}/>')

    def circle(self, x, y, r, fill, extra=""):
        self.add(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{fill}" {extra}/>')

    def polygon(self, points, fill, extra=""):
        self.add('<polygon points="' + " ".join(f"{x:.1f},{y:.1f}" for x, y in points) + f'" fill="{fill}" {extra}/>')

    def path(self, d, fill="none", extra=""):
        self.add(f'<path d="{d}" fill="{fill}" {extra}/>')

    def sky(self, *stops):
        self.rect(0, 0, W, H, self.gradient(*stops))

    def ridge(self, base, height, fill, roughness=0.55, step=9, extra=""):
        """A hill line by midpoint displacement."""
        line = [self.random.uniform(-.4, .4), self.random.uniform(-.4, .4)]
        scale = 1.0
        for _ in range(step):
            between = [(a + b) / 2 + self.random.uniform(-scale, scale) * .5 for a, b in zip(line, line[1:])]
            line = [p for pair in zip(line, between) for p in pair] + [line[-1]]
            scale *= roughness
        n = len(line) - 1
        points = [(i * W / n, base - height * (v + .5)) for i, v in enumerate(line)]
        self.polygon([(0, H)] + points + [(W, H)], fill, extra)
        return points

    def water(self, top, light, dark, shimmer="#fff", count=420, centre=None):
        self.rect(0, top, W, H - top, self.gradient((0, light), (1, dark)))
        for _ in range(count):
            y = top + (H - top) * self.random.random() ** 1.6
            depth = (y - top) / (H - top)
            length = 20 + 220 * depth * self.random.random()
            x = self.random.gauss(centre, 60 + 330 * depth) if centre and self.random.random() < .6 else self.random.uniform(-100, W)
            self.add(f'<ellipse cx="{x:.0f}" cy="{y:.1f}" rx="{length:.0f}" ry="{1 + 3.4 * depth:.1f}" fill="{shimmer}" opacity="{self.random.uniform(.04, .3):.2f}"/>')

    def stars(self, count, bottom):
        for _ in range(count):
            self.circle(self.random.uniform(0, W), self.random.uniform(0, bottom), self.random.choice([.8, 1.1, 1.6, 2.3]), "#fff",
                        f'opacity="{self.random.uniform(.25, 1):.2f}"')

    def clouds(self, y, colour, count=7, opacity=.5, size=1.0):
        for _ in range(count):
            x, cy = self.random.uniform(-100, W), y + self.random.uniform(-70, 70)
            for _ in range(9):
                self.add(f'<ellipse cx="{x + self.random.uniform(-170, 170) * size:.0f}" cy="{cy + self.random.uniform(-12, 12):.0f}" rx="{self.random.uniform(70, 190) * size:.0f}" ry="{self.random.uniform(8, 24) * size:.0f}" fill="{colour}" opacity="{opacity * self.random.uniform(.2, .6):.2f}"/>')

    def houses(self, base, low, high, walls, lit="#ffd98a", chance=.35, width=(60, 120), roofs=None, windows=True):
        x = -30
        while x < W:
            w = self.random.uniform(*width)
            h = self.random.uniform(low, high)
            wall = self.random.choice(walls)
            self.rect(x, base - h, w, h + 4, wall)
            if roofs:
                r = self.random.choice(roofs)
                if self.random.random() < .6:
                    self.polygon([(x - 5, base - h), (x + w / 2, base - h - w * self.random.uniform(.3, .6)), (x + w + 5, base - h)], r)
                else:
                    self.rect(x - 3, base - h - 9, w + 6, 12, r)
            if windows:
                columns = max(1, int(w / 27))
                for row in range(int(h / 36)):
                    for column in range(columns):
                        wx = x + (column + .5) * w / columns - 6
                        on = self.random.random() < chance
                        self.rect(wx, base - h + 13 + row * 36, 12, 18, lit if on else "#1b2430", f'opacity="{.95 if on else .45}"')
            x += w + self.random.choice([0, 0, 0, 3, 14])

    def tree(self, x, base, size, leaf, trunk="#2a1f1a"):
        self.rect(x - size * .04, base - size * .5, size * .08, size * .5, trunk)
        for _ in range(26):
            a, r = self.random.uniform(0, 6.3), size * .33 * self.random.random() ** .5
            self.circle(x + r * math.cos(a), base - size * .68 + r * math.sin(a) * .85, size * self.random.uniform(.06, .15), leaf,
                        f'opacity="{self.random.uniform(.55, 1):.2f}"')

    def person(self, x, base, size, coat, skin="#c98f6b", hair="#2b1d16"):
        self.path(f"M{x - size * .16} {base} C{x - size * .2} {base - size * .5} {x - size * .17} {base - size * .74} {x} {base - size * .76} "
                  f"C{x + size * .17} {base - size * .74} {x + size * .2} {base - size * .5} {x + size * .16} {base} Z", coat)
        self.circle(x, base - size * .87, size * .105, skin)
        self.path(f"M{x - size * .11} {base - size * .87} a{size * .11} {size * .12} 0 0 1 {size * .22} 0 q-{size * .11} -{size * .07} -{size * .22} 0 Z", hair)

    def svg(self):
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {W} {H}" width="{W}" height="{H}"><defs>{"".join(self.definitions)}</defs>'
                + "".join(self.shapes) + "</svg>")


def harbour_dawn(s):
    s.sky((0, "#1f3b5c"), (.35, "#7f7d98"), (.5, "#f0a878"), (.62, "#ffd9a0"))
    s.glow(1180, 640, 620, "#ffdf9e", .95)
    s.circle(1180, 640, 46, "#fff3cf")
    s.clouds(330, "#ffd2b0", 6, .55)
    s.ridge(690, 150, "#6d6884", .5)
    s.ridge(705, 70, "#4a4d6b", .55)
    s.houses(715, 24, 84, ["#39405a", "#2f3550", "#454a63"], chance=.3, width=(26, 60), roofs=["#272c43"])
    s.water(712, "#e2a983", "#1c2f47", "#ffe6bd", 620, 1180)
    for x, k in ((330, 1.25), (640, .8), (1480, 1.05)):
        b = 900 + 70 * (k - 1) * 3
        s.path(f"M{x - 150 * k} {b} q{150 * k} {64 * k} {310 * k} -{14 * k} l-{26 * k} {66 * k} q-{130 * k} {26 * k} -{240 * k} 0 Z", "#14202f")
        s.rect(x - 40 * k, b - 58 * k, 86 * k, 66 * k, "#20324a")
        s.rect(x - 28 * k, b - 46 * k, 22 * k, 20 * k, "#ffd98a")
        s.rect(x + 8 * k, b - 46 * k, 22 * k, 20 * k, "#ffd98a")
        s.rect(x + 2 * k, b - 250 * k, 6 * k, 200 * k, "#101a27")
        s.path(f"M{x + 5 * k} {b - 250 * k} L{x - 140 * k} {b - 4 * k} M{x + 5 * k} {b - 250 * k} L{x + 150 * k} {b - 14 * k}", extra='stroke="#101a27" stroke-width="3"')


def ferry(s):
    s.sky((0, "#3d7ea6"), (.5, "#a9d3df"), (.62, "#eef4ea"))
    s.clouds(260, "#ffffff", 9, .9, 1.3)
    s.ridge(640, 190, "#7fa3a5", .5)
    s.ridge(660, 110, "#4f7f78", .52)
    s.water(650, "#6fb0bd", "#12455c", "#ffffff", 520)
    x, b = 480, 830
    s.polygon([(x, b), (x + 960, b - 10), (x + 880, b + 120), (x + 80, b + 120)], "#14324a")
    s.polygon([(x + 20, b + 78), (x + 915, b + 70), (x + 880, b + 120), (x + 80, b + 120)], "#b23a2e")
    s.rect(x + 70, b - 100, 790, 105, "#f6f3ea")
    s.rect(x + 150, b - 190, 590, 92, "#fffdf6")
    s.rect(x + 240, b - 262, 230, 74, "#f6f3ea")
    s.rect(x + 560, b - 320, 96, 132, "#b23a2e")
    s.rect(x + 560, b - 320, 96, 26, "#14324a")
    for i in range(17):
        s.rect(x + 96 + i * 45, b - 74, 26, 30, "#23506b")
    for i in range(13):
        s.rect(x + 172 + i * 44, b - 162, 24, 26, "#23506b")
    s.rect(x + 258, b - 244, 194, 28, "#23506b")
    for _ in range(90):
        s.add(f'<ellipse cx="{x + s.random.uniform(-260, 980):.0f}" cy="{b + 122 + s.random.uniform(-8, 26):.0f}" rx="{s.random.uniform(12, 70):.0f}" ry="{s.random.uniform(2, 8):.0f}" fill="#fff" opacity="{s.random.uniform(.2, .8):.2f}"/>')
    for _ in range(14):
        gx, gy = s.random.uniform(100, 1700), s.random.uniform(180, 560)
        s.path(f"M{gx} {gy} q14 -16 26 0 q14 -16 28 -2", extra='stroke="#fff" stroke-width="5" stroke-linecap="round"')


def town_hall(s):
    s.sky((0, "#f2c28a"), (.55, "#f8e6c4"))
    s.clouds(200, "#fff6e2", 8, .8)
    s.houses(930, 180, 330, ["#c98b62", "#b9744f", "#d8a77c"], "#fff1c4", .25, (90, 150), ["#7a3e2d", "#69382b"])
    s.rect(470, 430, 860, 500, "#e9d6b0")
    s.rect(440, 400, 920, 42, "#cbb184")
    s.polygon([(620, 402), (900, 240), (1180, 402)], "#dcc498")
    s.rect(820, 90, 160, 250, "#e9d6b0")
    s.polygon([(800, 96), (900, -40), (1000, 96)], "#4f7c72")
    s.circle(900, 170, 50, "#fbf5e4", 'stroke="#5a4630" stroke-width="8"')
    s.path("M900 170 L900 134 M900 170 L926 184", extra='stroke="#3a2c1c" stroke-width="7" stroke-linecap="round"')
    for i in range(8):
        s.rect(510 + i * 103, 520, 38, 410, "#f7ebd0")
        s.rect(504 + i * 103, 505, 50, 18, "#d4ba8c")
    for i in range(7):
        s.rect(556 + i * 103, 560, 48, 120, "#6b5840")
        s.rect(556 + i * 103, 740, 48, 190, "#5d4b36")
    s.rect(0, 925, W, 275, s.gradient((0, "#b48f63"), (1, "#7d5c3e")))
    for i in range(6):
        s.rect(420 - i * 26, 925 + i * 17, 960 + i * 52, 17, ["#d9c296", "#c7ad80"][i % 2])
    for i in range(15):
        s.person(s.random.uniform(60, 1740), s.random.uniform(1050, 1180), s.random.uniform(150, 210),
                 s.random.choice(["#27445d", "#8a2f2a", "#3d5a3f", "#4b3a55", "#c9862c", "#e6ddc8"]), s.random.choice(["#c98f6b", "#8d5a3b", "#e2b48f"]))


def wind_turbines(s):
    s.sky((0, "#24486b"), (.5, "#8fb4c9"), (.75, "#f7dfb9"))
    s.glow(350, 760, 560, "#ffe3a6", .8)
    s.clouds(330, "#fff", 6, .5, 1.4)
    s.water(800, "#b9c9c4", "#1d4a5e", "#fff6da", 520, 350)
    for x, k in sorted(((250, .35), (520, .5), (820, .42), (1100, .78), (1440, 1.15), (1680, .55)), key=lambda t: t[1]):
        top = 800 - 520 * k
        s.polygon([(x - 9 * k, 812 + 90 * k), (x - 5 * k, top), (x + 5 * k, top), (x + 9 * k, 812 + 90 * k)], "#f3f1ea")
        s.rect(x - 18 * k, 790 + 70 * k, 36 * k, 60 * k, "#e0a72e")
        turn = s.random.uniform(0, 2)
        for blade in range(3):
            a = turn + blade * 2 * math.pi / 3
            tx, ty = x + 270 * k * math.cos(a), top + 270 * k * math.sin(a)
            nx, ny = -math.sin(a) * 14 * k, math.cos(a) * 14 * k
            s.polygon([(x + nx * .4, top + ny * .4), (x + nx + 60 * k * math.cos(a), top + ny + 60 * k * math.sin(a)), (tx, ty), (x - nx * .4, top - ny * .4)], "#fbfaf5")
        s.circle(x, top, 14 * k, "#cfd3cf")


def night_skyline(s):
    s.sky((0, "#070d1f"), (.6, "#1e2c56"), (.8, "#553f6a"))
    s.stars(190, 600)
    s.circle(1420, 210, 66, "#f4eed3")
    s.glow(1420, 210, 300, "#f4eed3", .5)
    s.houses(900, 220, 520, ["#151d38", "#1b2443", "#10172e"], chance=.42, width=(80, 150))
    s.houses(960, 90, 300, ["#0c1226", "#121a33"], "#ffc76b", .5, (70, 130))
    s.water(950, "#2a2f58", "#070b18", "#ffcf7a", 560)


def tram(s):
    s.sky((0, "#cfd9dc"), (.7, "#eee7da"))
    s.houses(860, 330, 560, ["#b8a690", "#a78f7b", "#c9bba6", "#94897f"], "#fff0c2", .3, (150, 230), ["#6a5b50"])
    s.rect(0, 850, W, 350, s.gradient((0, "#8a8a88"), (1, "#4f5254")))
    for y in (1020, 1100):
        s.path(f"M0 {y} L{W} {y - 46}", extra='stroke="#c9c7bf" stroke-width="8"')
    s.path("M0 300 L1800 250 M0 210 L1800 190", extra='stroke="#3b3b3b" stroke-width="4"')
    s.add('<g transform="translate(300,560) skewY(-2)">')
    s.rect(0, 0, 1180, 400, "#f2c230", 'rx="46"')
    s.rect(0, 210, 1180, 190, "#b3261e", 'rx="36"')
    s.rect(0, 205, 1180, 20, "#fff7dd")
    for i in range(8):
        s.rect(48 + i * 138, 48, 112, 136, "#28404d", 'rx="14"')
        s.rect(48 + i * 138, 48, 112, 50, "#5f8190", 'rx="14" opacity=".7"')
    for i in (2, 5):
        s.rect(48 + i * 138, 48, 112, 330, "#1f323d", 'rx="10"')
    for i in (150, 330, 850, 1030):
        s.circle(i, 408, 44, "#22262a")
        s.circle(i, 408, 18, "#777")
    s.path("M560 0 L620 -150 L720 -262 M640 -262 L800 -262", extra='stroke="#2b2b2b" stroke-width="9"')
    s.add("</g>")
    for x in (120, 1600, 1700):
        s.person(x, 1110, 250, s.random.choice(["#3d5a73", "#7a3434", "#2f4a36"]))


def stadium(s):
    s.sky((0, "#0d1f33"), (1, "#2f4d63"))
    for x in (170, 1630):
        s.rect(x - 8, 90, 16, 420, "#9aa6ad")
        s.rect(x - 80, 50, 160, 90, "#dfe7ea")
        s.glow(x, 95, 520, "#f4fbff", .9)
    s.polygon([(0, 380), (W, 380), (W, 720), (0, 720)], "#1c2b38")
    for _ in range(3600):
        x, y = s.random.uniform(0, W), s.random.uniform(385, 715)
        s.circle(x, y, s.random.uniform(3, 6), s.random.choice(["#d64b3a", "#f4efe2", "#23486b", "#e7b93b", "#7c8b95", "#b03a2e"]), f'opacity="{s.random.uniform(.5, 1):.2f}"')
    s.rect(0, 712, W, 26, "#e8e4d8")
    for i in range(12):
        s.polygon([(i * 150, 738), (i * 150 + 150, 738), ((i * 150 + 150 - 900) * 2.2 + 900, H), ((i * 150 - 900) * 2.2 + 900, H)], ["#2f7d43", "#379150"][i % 2])
    s.path("M0 790 L1800 790 M900 790 L900 1200", extra='stroke="#f4f6ee" stroke-width="7" opacity=".85"')
    s.add('<ellipse cx="900" cy="1010" rx="330" ry="110" fill="none" stroke="#f4f6ee" stroke-width="7" opacity=".85"/>')
    for x, y, c in ((620, 1010, "#c8372d"), (760, 930, "#c8372d"), (1080, 1000, "#f3f0e6"), (1260, 920, "#f3f0e6"), (440, 880, "#c8372d"), (1480, 1060, "#f3f0e6")):
        s.add(f'<ellipse cx="{x + 40}" cy="{y + 4}" rx="70" ry="10" fill="#123a1d" opacity=".5"/>')
        s.person(x, y, 190, c)
    s.circle(850, 1000, 15, "#fff")


def regatta(s):
    s.sky((0, "#2f7fb5"), (.55, "#bfe0ea"))
    s.clouds(190, "#fff", 8, .9, 1.2)
    s.ridge(560, 120, "#7aa08c", .5)
    s.water(560, "#5fa8c6", "#0d4a6e", "#ffffff", 640)
    for x, k, c in ((300, .55, "#f4d35e"), (560, .42, "#ffffff"), (830, .7, "#ee6352"), (1150, .5, "#ffffff"), (1400, 1.2, "#fffaf0"), (620, 1.35, "#f7b538"), (1080, .95, "#3d8f8a")):
        b = 600 + 330 * k
        s.polygon([(x, b - 380 * k), (x + 170 * k, b - 26 * k), (x, b - 26 * k)], c)
        s.polygon([(x - 8 * k, b - 330 * k), (x - 120 * k, b - 26 * k), (x - 8 * k, b - 26 * k)], "#fff7e6", 'opacity=".95"')
        s.path(f"M{x - 140 * k} {b - 20 * k} L{x + 190 * k} {b - 20 * k} q-{60 * k} {62 * k} -{150 * k} {52 * k} q-{110 * k} 0 -{180 * k} -{52 * k} Z", "#17324a")
        s.add(f'<ellipse cx="{x + 20 * k}" cy="{b + 40 * k}" rx="{200 * k}" ry="{9 * k}" fill="#fff" opacity=".5"/>')


def lighthouse(s):
    s.sky((0, "#101b33"), (.55, "#48527a"), (.75, "#c88f86"))
    s.stars(90, 420)
    s.polygon([(1210, 300), (0, 120), (0, 470)], "#fff3bf", 'opacity=".22"')
    s.polygon([(1210, 300), (1800, 210), (1800, 420)], "#fff3bf", 'opacity=".2"')
    s.water(820, "#8d7d90", "#0f1a2c", "#ffe3c0", 420, 1200)
    s.polygon([(820, 1200), (930, 900), (1060, 820), (1380, 812), (1540, 880), (1800, 900), (1800, 1200)], "#1b2230")
    s.polygon([(1130, 826), (1160, 360), (1260, 360), (1290, 826)], "#f1ede2")
    for i in range(3):
        y = 440 + i * 140
        k = 1 - (y - 360) / 466
        s.polygon([(1132 + 28 * k, y), (1288 - 28 * k, y), (1288 - 25 * k, y + 66), (1132 + 25 * k, y + 66)], "#b8342c")
    s.rect(1140, 340, 140, 22, "#2b3140")
    s.rect(1172, 268, 76, 74, "#ffe9a8")
    s.polygon([(1160, 270), (1210, 214), (1260, 270)], "#2b3140")
    s.glow(1210, 304, 330, "#fff1b8", .95)


def library(s):
    s.rect(0, 0, W, H, s.gradient((0, "#3a2a20"), (1, "#1d1510")))
    for row in range(5):
        y = 60 + row * 190
        s.rect(0, y + 150, W, 22, "#5e4331")
        x = 0
        while x < W:
            w, h = s.random.uniform(16, 42), s.random.uniform(95, 148)
            colour = s.random.choice(["#8a2f2a", "#27445d", "#c59b45", "#3f5b44", "#6a4a68", "#d9cbb0", "#a65a32", "#1f2d3a"])
            s.rect(x, y + 150 - h, w - 2, h, colour)
            s.rect(x + 2, y + 150 - h + 14, w - 6, 4, "#f1e2bd", 'opacity=".5"')
            x += w + (s.random.uniform(20, 60) if s.random.random() < .04 else 0)
    s.glow(900, 420, 900, "#ffcf87", .5)
    s.rect(0, 1010, W, 190, s.gradient((0, "#7a5437"), (1, "#3b271a")))
    for x in (420, 1370):
        s.rect(x - 5, 880, 10, 140, "#2c2c2c")
        s.path(f"M{x - 90} 890 q90 -120 180 0 Z", "#2e6b4f")
        s.glow(x, 930, 300, "#ffe2a1", .8)
    s.person(900, 1060, 420, "#2f4a63")
    s.polygon([(780, 1040), (900, 1000), (1020, 1040), (1020, 1075), (900, 1050), (780, 1075)], "#f6efdd")


def market(s):
    s.sky((0, "#f7e2b5"), (1, "#e9c58e"))
    s.houses(640, 220, 400, ["#e8b98a", "#dd9f77", "#f0d2a4", "#c98a6b"], "#fff4d2", .2, (110, 190), ["#9b4a34", "#7d3c2c"])
    s.rect(0, 640, W, 560, s.gradient((0, "#c9a877"), (1, "#8f6f4a")))
    stripes = [("#c8372d", "#fff4e0"), ("#2f6f73", "#fff4e0"), ("#d99a2b", "#fff4e0")]
    for i, (a, b) in enumerate(stripes):
        x = 40 + i * 600
        for j in range(10):
            s.polygon([(x + j * 53, 560), (x + j * 53 + 53, 560), (x + j * 57 + 42, 700), (x + j * 57 - 15, 700)], (a, b)[j % 2])
        s.rect(x, 700, 10, 330, "#5b4128")
        s.rect(x + 530, 700, 10, 330, "#5b4128")
        s.rect(x - 10, 880, 560, 150, "#7c5835")
        for _ in range(150):
            s.circle(x + s.random.uniform(10, 530), 872 + s.random.uniform(-34, 8), s.random.uniform(13, 21),
                     s.random.choice([["#c8372d", "#e0552f", "#8fae3c"], ["#e9a62d", "#f3c64a", "#7b9c3a"], ["#6b3f78", "#a9485e", "#dfc85e"]][i]))
        s.person(x + 270, 880, 250, s.random.choice(["#3b4f6b", "#5a3a2c", "#405b3f"]))
    for x in (350, 880, 1130, 1560):
        s.person(x, 1190, 330, s.random.choice(["#27445d", "#8a2f2a", "#3d5a3f", "#c9862c"]), s.random.choice(["#c98f6b", "#8d5a3b", "#e2b48f"]))


def observatory(s):
    s.sky((0, "#050817"), (.6, "#142048"), (.9, "#3f3a6b"))
    for _ in range(900):
        t = s.random.uniform(-.2, 1.2)
        s.circle(t * W + s.random.gauss(0, 90), 60 + t * 560 + s.random.gauss(0, 70), s.random.uniform(.6, 1.8), "#e8e2ff", f'opacity="{s.random.uniform(.15, .75):.2f}"')
    s.glow(900, 330, 760, "#a48fe0", .28)
    s.stars(320, 900)
    s.ridge(1000, 260, "#0d1230", .5)
    s.ridge(1080, 140, "#070a1c", .5)
    s.rect(1120, 800, 300, 220, "#c9c6d6")
    s.path("M1100 806 a170 170 0 0 1 340 0 Z", "#eceaf2")
    s.polygon([(1230, 806), (1180, 660), (1226, 640), (1290, 806)], "#131733")
    s.rect(1250, 910, 50, 110, "#ffcf7a")
    s.rect(0, 1015, W, 185, "#070a1c")


def reef(s):
    s.sky((0, "#7fd6d8"), (.3, "#1d8aa5"), (1, "#06304f"))
    for i in range(9):
        x = 140 + i * 200
        s.polygon([(x, 0), (x + 70, 0), (x + 260 + i * 14, H), (x - 10, H)], "#ffffff", 'opacity=".06"')
    s.ridge(1120, 260, "#0a4560", .6)
    for _ in range(60):
        x, base = s.random.uniform(0, W), s.random.uniform(1010, 1210)
        c = s.random.choice(["#f2765f", "#f4b14e", "#c65c93", "#7e62b5", "#e9d7b0", "#3fae93"])
        for _ in range(s.random.randint(5, 11)):
            dx, h = s.random.uniform(-60, 60), s.random.uniform(70, 230)
            s.path(f"M{x} {base} q{dx * .3} -{h * .6} {dx} -{h}", extra=f'stroke="{c}" stroke-width="{s.random.uniform(9, 22):.0f}" stroke-linecap="round" opacity=".92"')
    for _ in range(46):
        x, y, k = s.random.uniform(80, 1720), s.random.uniform(220, 900), s.random.uniform(.4, 1.3)
        c = s.random.choice(["#ffd166", "#ff8c61", "#f4f1de", "#9ad1d4"])
        s.path(f"M{x} {y} q{34 * k} -{26 * k} {74 * k} 0 l{24 * k} -{18 * k} l0 {38 * k} l-{24 * k} -{20 * k} q-{40 * k} {26 * k} -{74 * k} 0 Z", c, 'opacity=".95"')
        s.circle(x + 13 * k, y - 3 * k, 3 * k, "#10202b")
    for _ in range(70):
        s.circle(s.random.uniform(0, W), s.random.uniform(0, H), s.random.uniform(2, 9), "#fff", 'opacity=".28"')


def orchestra(s):
    s.rect(0, 0, W, H, s.gradient((0, "#2a0d12"), (1, "#120609")))
    for i in range(16):
        s.path(f"M{i * 60} 0 q30 420 -10 800", extra=f'stroke="{"#6f1420" if i % 2 else "#8c1c2b"}" stroke-width="62"') if i < 5 or i > 24 else None
    for i in range(5):
        s.path(f"M{W - i * 60} 0 q-30 420 10 800", extra=f'stroke="{"#6f1420" if i % 2 else "#8c1c2b"}" stroke-width="62"')
    s.glow(900, 480, 900, "#ffcf8a", .75)
    s.polygon([(120, 1200), (320, 760), (1480, 760), (1680, 1200)], s.gradient((0, "#c98d4f"), (1, "#6d4325")))
    for row, (y, n, k) in enumerate(((770, 11, .7), (880, 9, .86), (1010, 7, 1.05))):
        for i in range(n):
            x = 900 + (i - (n - 1) / 2) * 118 * k * 1.2
            s.person(x, y, 230 * k, "#15151b", s.random.choice(["#c98f6b", "#8d5a3b", "#e2b48f"]), s.random.choice(["#2b1d16", "#6a4a2c", "#b9b2a6"]))
            s.add(f'<g transform="translate({x + 26 * k:.0f},{y - 92 * k:.0f}) rotate({s.random.uniform(20, 50):.0f})"><ellipse rx="{17 * k:.0f}" ry="{34 * k:.0f}" fill="#a8562a"/><rect x="-{3 * k:.0f}" y="-{92 * k:.0f}" width="{6 * k:.0f}" height="{64 * k:.0f}" fill="#3b2012"/></g>')
    s.person(900, 1195, 420, "#0d0d12")
    s.path("M960 930 L1080 800", extra='stroke="#f4ead0" stroke-width="7" stroke-linecap="round"')


def factory(s):
    s.sky((0, "#57606b"), (.6, "#c7b199"), (.8, "#e8c79b"))
    for x in (330, 520, 1330):
        for i in range(26):
            s.circle(x + 20 + i * 26 + s.random.uniform(-30, 30), 250 - i * 7 + s.random.uniform(-30, 30), 30 + i * 4, "#ece6dd", 'opacity=".16"')
        s.polygon([(x - 34, 900), (x - 20, 250), (x + 40, 250), (x + 54, 900)], "#7b4a3a")
        s.rect(x - 22, 280, 64, 26, "#e9e0cf")
    s.ridge(880, 90, "#8a8578", .5)
    x = 120
    for i in range(8):
        s.polygon([(x, 780), (x, 660), (x + 180, 720), (x + 180, 780)], "#4c5661")
        s.polygon([(x + 4, 770), (x + 4, 676), (x + 60, 694), (x + 60, 770)], "#9fc0cc")
        x += 180
    s.rect(100, 770, 1500, 260, "#8f5b45")
    for i in range(14):
        s.rect(140 + i * 104, 820, 58, 90, "#ffd98a" if s.random.random() < .7 else "#3b4650")
    s.rect(0, 1020, W, 180, "#3c3f41")


def bridge(s):
    s.sky((0, "#5b7fa3"), (.5, "#d6dcd8"), (.66, "#f6e3c5"))
    s.clouds(250, "#fff", 7, .6, 1.3)
    s.ridge(720, 160, "#8fa0a6", .5)
    s.houses(760, 40, 150, ["#75828a", "#66747e"], chance=.1, width=(40, 80))
    s.water(755, "#b8c3c2", "#33566a", "#fff8e8", 460, 900)
    for x in (430, 1370):
        s.rect(x - 34, 190, 68, 720, "#8c3b2e")
        for y in (300, 460, 610):
            s.rect(x - 60, y, 120, 24, "#7a3025")
    s.rect(0, 690, W, 34, "#6f2b21")
    s.path("M-200 640 Q180 560 430 210 Q900 920 1370 210 Q1620 560 2000 640", extra='stroke="#7a3025" stroke-width="13"')
    for i in range(61):
        x = i * 30
        t = (x - 900) / 470
        y = 565 - 355 + 355 * (1 - t * t) if abs(t) < 1 else 210 + min(430, abs(abs(x - 900) - 470) * .98)
        s.path(f"M{x} {min(y, 690):.0f} L{x} 690", extra='stroke="#8c3b2e" stroke-width="3"')
    for i in range(14):
        s.rect(60 + i * 128 + s.random.uniform(-20, 20), 668, 54, 24, s.random.choice(["#f1efe6", "#2a3f57", "#c8372d", "#d9a441"]), 'rx="7"')


def flood(s):
    s.sky((0, "#4d5964"), (.6, "#9aa5a8"))
    s.clouds(170, "#39444e", 11, .9, 1.6)
    s.houses(800, 190, 330, ["#8c8374", "#a19683", "#756d62"], "#ffdf9a", .4, (130, 210), ["#4b3630", "#5c443a"])
    s.water(770, "#8d8877", "#4b4a42", "#e6e2d2", 520)
    for x in (300, 1480):
        s.tree(x, 850, 420, "#3f4a35")
    s.path("M760 980 L1120 972 L1080 1044 L800 1044 Z", "#d9672e")
    for x in (850, 940, 1030):
        s.person(x, 985, 170, s.random.choice(["#e9c22d", "#27445d", "#b3261e"]))
    for _ in range(320):
        x, y = s.random.uniform(0, W), s.random.uniform(0, H)
        s.path(f"M{x:.0f} {y:.0f} l-10 46", extra='stroke="#dfe6ea" stroke-width="2" opacity=".35"')


def snow_mountains(s):
    s.sky((0, "#24588c"), (.7, "#bfdcea"))
    p = s.ridge(620, 520, "#8ea9c2", .5)
    s.ridge(700, 380, "#c9d9e6", .56)
    s.ridge(840, 330, "#eef4f8", .5)
    s.ridge(1010, 240, "#ffffff", .45)
    for i in range(70):
        x, k = s.random.uniform(0, W), s.random.uniform(.4, 1)
        b = 940 + 230 * k
        for j in range(4):
            s.polygon([(x - (62 - j * 13) * k, b - j * 44 * k), (x, b - (96 + j * 44) * k), (x + (62 - j * 13) * k, b - j * 44 * k)], ["#1f4a3f", "#28594b"][j % 2])
    s.path("M1180 690 q120 120 -40 200 q-160 80 60 190", extra='stroke="#b9cfdf" stroke-width="9" opacity=".9"')
    s.person(1180, 1090, 120, "#c8372d")


def bakery(s):
    s.rect(0, 0, W, H, s.gradient((0, "#5b3a22"), (1, "#2b1a10")))
    s.glow(900, 360, 1000, "#ffb861", .7)
    for row in range(3):
        y = 330 + row * 290
        s.rect(90, y, 1620, 26, "#8a5a33")
        x = 130
        while x < 1600:
            k = s.random.uniform(.85, 1.2)
            kind = s.random.random()
            crust = s.random.choice(["#c47a34", "#b5672a", "#d69446"])
            if kind < .5:
                s.path(f"M{x} {y} q-10 -{96 * k} {88 * k} -{104 * k} q{98 * k} {8 * k} {88 * k} {104 * k} Z", crust)
                for j in range(3):
                    s.path(f"M{x + 36 * k + j * 36 * k} {y - 78 * k} q20 22 10 50", extra='stroke="#f1d6a1" stroke-width="8" stroke-linecap="round" opacity=".8"')
                x += 196 * k
            else:
                s.rect(x, y - 66 * k, 230 * k, 66 * k, crust, f'rx="{33 * k:.0f}"')
                for j in range(5):
                    s.path(f"M{x + (26 + j * 42) * k} {y - 20 * k} l22 -34", extra='stroke="#f1d6a1" stroke-width="9" stroke-linecap="round" opacity=".85"')
                x += 252 * k
    s.rect(0, 990, W, 210, s.gradient((0, "#a8713f"), (1, "#5d3a20")))
    s.person(1330, 1200, 620, "#f2ece0", "#c98f6b")
    for _ in range(120):
        s.circle(s.random.uniform(200, 1100), s.random.uniform(1010, 1100), s.random.uniform(1, 4), "#fff6e2", 'opacity=".6"')


def classroom(s):
    s.rect(0, 0, W, H, s.gradient((0, "#dfe3d4"), (1, "#c7c3a8")))
    s.rect(220, 130, 1360, 480, "#7a5a3a")
    s.rect(244, 154, 1312, 432, "#28483d")
    for i in range(5):
        s.path(f"M{320} {230 + i * 68} " + " ".join(f"q{s.random.uniform(12, 26):.0f} {s.random.uniform(-20, 20):.0f} {s.random.uniform(26, 50):.0f} 0" for _ in range(s.random.randint(8, 22))),
               extra='stroke="#f3f5ea" stroke-width="6" stroke-linecap="round" opacity=".85"')
    s.circle(1330, 330, 96, "none", 'stroke="#f4d58d" stroke-width="7"')
    s.path("M1234 330 L1426 330 M1330 234 L1330 426 M1262 262 L1398 398", extra='stroke="#f4d58d" stroke-width="6"')
    for row, (y, n, k) in enumerate(((880, 6, .9), (1030, 5, 1.15), (1200, 4, 1.4))):
        for i in range(n):
            x = 900 + (i - (n - 1) / 2) * 300 * k
            s.person(x, y, 240 * k, s.random.choice(["#27445d", "#8a2f2a", "#3d5a3f", "#c9862c", "#5a4a74"]), s.random.choice(["#c98f6b", "#8d5a3b", "#e2b48f"]), s.random.choice(["#2b1d16", "#6a4a2c", "#a8682f"]))
            s.rect(x - 105 * k, y - 70 * k, 210 * k, 24 * k, "#b98a52")
    s.person(560, 620, 330, "#6b2f3c")


def gallery(s):
    s.rect(0, 0, W, H, "#eeeae2")
    s.rect(0, 950, W, 250, s.gradient((0, "#b9997a"), (1, "#8a6a4c")))
    s.rect(0, 940, W, 14, "#d6cdbd")
    for x, y, w, h in ((140, 210, 430, 560), (690, 150, 560, 640), (1360, 240, 330, 480)):
        s.rect(x + 16, y + 20, w, h, "#000", 'opacity=".13"')
        s.rect(x, y, w, h, "#3a2c20")
        s.rect(x + 18, y + 18, w - 36, h - 36, s.random.choice(["#e8d5b0", "#d9e0dc", "#f1e4d3"]))
        for _ in range(11):
            cx, cy = x + 50 + s.random.random() * (w - 100), y + 60 + s.random.random() * (h - 120)
            r = s.random.uniform(18, min(w, h) * .17)
            r = min(r, cx - x - 22, x + w - 22 - cx, cy - y - 22, y + h - 22 - cy)
            s.add(f'<{"circle" if s.random.random() < .5 else "ellipse"} cx="{cx:.0f}" cy="{cy:.0f}" r="{r:.0f}" rx="{r:.0f}" ry="{r * .6:.0f}" fill="{s.random.choice(["#c8372d", "#1f5b73", "#e0a72e", "#2b2b33", "#7d9b76", "#b86b8b"])}" opacity=".85"/>')
    s.polygon([(900, 0), (500, 950), (1400, 950)], "#fff", 'opacity=".18"')
    s.person(930, 1150, 430, "#2b2f3b")
    s.person(1090, 1150, 400, "#a03a35", "#8d5a3b")
    s.person(430, 1130, 380, "#3f5b44")


def orchard(s):
    s.sky((0, "#88b8d8"), (.6, "#e4eedd"))
    s.clouds(180, "#fff", 6, .9, 1.2)
    s.ridge(640, 150, "#8fae8a", .5)
    s.rect(0, 620, W, 580, s.gradient((0, "#9fb765"), (1, "#5d7a35")))
    for row in range(5):
        y = 690 + row * 115
        k = .5 + row * .27
        for i in range(int(11 - row * 1.4)):
            x = 900 + (i - (10 - row * 1.4) / 2) * 260 * k
            s.tree(x, y, 330 * k, s.random.choice(["#48702f", "#5a8a3a", "#6b9a45"]))
            for _ in range(9):
                s.circle(x + s.random.uniform(-90, 90) * k, y - s.random.uniform(150, 300) * k, 9 * k, "#c8372d")
    s.polygon([(800, 640), (1000, 640), (1300, 1200), (500, 1200)], "#c9b27d", 'opacity=".55"')


def satellite(s):
    s.sky((0, "#03050d"), (1, "#0a1430"))
    s.stars(420, H)
    s.circle(500, 1500, 1000, s.gradient((0, "#5aa9d6"), (.5, "#1d5f97"), (1, "#0b2c55")))
    s.glow(500, 1500, 1180, "#7cc5ef", .35)
    for _ in range(26):
        a = s.random.uniform(-2.4, -.7)
        r = 1000 * s.random.uniform(.75, .97)
        s.add(f'<ellipse cx="{500 + r * math.cos(a):.0f}" cy="{1500 + r * math.sin(a):.0f}" rx="{s.random.uniform(40, 160):.0f}" ry="{s.random.uniform(12, 40):.0f}" fill="{s.random.choice(["#ffffff", "#7fae72", "#d9d2b0"])}" opacity="{s.random.uniform(.25, .7):.2f}" transform="rotate({math.degrees(a) + 90:.0f} {500 + r * math.cos(a):.0f} {1500 + r * math.sin(a):.0f})"/>')
    s.add('<g transform="translate(1180,420) rotate(-22)">')
    for x in (-470, 150):
        s.rect(x, -80, 320, 160, "#1c3f7a", 'stroke="#d7dbe2" stroke-width="7"')
        for i in range(1, 6):
            s.path(f"M{x + i * 53} -80 v160", extra='stroke="#d7dbe2" stroke-width="3"')
        s.path(f"M{x} 0 h320", extra='stroke="#d7dbe2" stroke-width="3"')
    s.rect(-150, -10, 300, 20, "#aab2bd")
    s.rect(-95, -120, 190, 240, s.gradient((0, "#f3d891"), (1, "#a8792b"), x2=1, y2=0))
    s.path("M-70 120 q70 110 140 0 Z", "#eef0f2")
    s.path("M0 165 L0 240", extra='stroke="#eef0f2" stroke-width="8"')
    s.add("</g>")


def portrait(name, coat, skin, hair, ground, style):
    def draw(s):
        s.rect(0, 0, W, H, s.gradient((0, ground[0]), (1, ground[1])))
        s.glow(900, 420, 800, "#ffffff", .35)
        s.path("M330 1200 C360 900 620 830 760 800 L1040 800 C1180 830 1440 900 1470 1200 Z", coat)
        s.path("M780 800 L900 960 L1020 800 L1000 700 L800 700 Z", skin)
        s.path("M770 806 L900 985 L1030 806 L1090 830 L930 1120 L870 1120 L710 830 Z", "#f3efe6")
        if style == "long":
            s.path("M610 470 C590 200 760 120 900 120 C1040 120 1210 200 1190 470 C1200 640 1220 760 1150 860 C1120 700 1130 560 1100 420 L700 420 C670 560 680 700 650 860 C580 760 600 640 610 470 Z", hair)
        s.add(f'<ellipse cx="900" cy="480" rx="205" ry="262" fill="{skin}"/>')
        s.add(f'<ellipse cx="900" cy="480" rx="205" ry="262" fill="{s.gradient((0, "#000", 0), (1, "#000", .22), x2=1, y2=.2)}"/>')
        if style == "short":
            s.path("M690 430 C660 210 780 150 910 150 C1060 150 1150 240 1108 440 C1090 350 1040 300 960 300 C860 310 740 290 690 430 Z", hair)
        elif style == "grey":
            s.path("M700 400 C690 230 800 190 900 190 C1010 190 1110 240 1100 400 C1080 320 1000 268 900 268 C800 268 720 320 700 400 Z", hair)
            s.path("M720 560 C740 780 1060 780 1080 560 C1060 700 980 690 900 640 C820 690 740 700 720 560 Z", hair)
        else:
            s.path("M695 440 C670 250 800 170 900 170 C1010 170 1130 250 1105 440 C1060 330 980 290 870 300 C780 310 720 350 695 440 Z", hair)
        for x in (815, 985):
            s.add(f'<ellipse cx="{x}" cy="480" rx="30" ry="15" fill="#fff"/>')
            s.circle(x, 480, 13, "#2b2018")
            s.path(f"M{x - 42} 438 q42 -24 84 0", extra=f'stroke="{hair}" stroke-width="13" stroke-linecap="round"')
            if style in ("grey", "glasses"):
                s.circle(x, 482, 56, "none", 'stroke="#22201e" stroke-width="9"')
        if style in ("grey", "glasses"):
            s.path("M871 478 q29 -14 58 0", extra='stroke="#22201e" stroke-width="9"')
        s.path("M900 500 q-26 80 -20 92 q20 14 44 2", extra='stroke="#000" stroke-opacity=".28" stroke-width="8" stroke-linecap="round"')
        s.path("M830 652 q70 46 140 0", extra='stroke="#7c2f2a" stroke-width="13" stroke-linecap="round"')
    return draw


SCENES = {f.__name__.replace("_", "-"): f for f in (
    harbour_dawn, ferry, town_hall, wind_turbines, night_skyline, tram, stadium, regatta, lighthouse, library, market,
    observatory, reef, orchestra, factory, bridge, flood, snow_mountains, bakery, classroom, gallery, orchard, satellite)}
SCENES.update({
    "portrait-mara-lindqvist": portrait("m", "#27445d", "#e2b48f", "#6a3f22", ("#d8c7a6", "#b79a70"), "long"),
    "portrait-tomas-okafor": portrait("t", "#6b2f3c", "#7d4d31", "#1c1412", ("#b9c7c2", "#87a09a"), "short"),
    "portrait-ines-varga": portrait("i", "#3d5a3f", "#c98f6b", "#22161a", ("#d9b8a6", "#b4806a"), "glasses"),
    "portrait-henrik-dahl": portrait("h", "#2b2f3b", "#e6bd9b", "#c9c5bd", ("#a9b9cc", "#70849c"), "grey"),
})


def main():
    folder = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "sample", "pictures")
    os.makedirs(folder, exist_ok=True)
    wanted = sys.argv[1:] or sorted(SCENES)
    for name in wanted:
        scene = Scene(name)
        SCENES[name](scene)
        with tempfile.TemporaryDirectory() as scratch:
            svg, png = os.path.join(scratch, "a.svg"), os.path.join(scratch, "a.png")
            with open(svg, "w", encoding="utf-8") as out:
                out.write(scene.svg())
            subprocess.run(["rsvg-convert", "-w", str(W), svg, "-o", png], check=True)
            subprocess.run(["convert", png, "-seed", "7", "(", "-size", f"{W}x{H}", "xc:gray50", "-attenuate", ".55", "+noise", "Gaussian",
                            "-colorspace", "Gray", "-blur", "0x0.7", ")", "-compose", "softlight", "-composite", "-strip", "-interlace", "none",
                            "-sampling-factor", "4:2:0", "-quality", "80", os.path.join(folder, name + ".jpg")], check=True)
        print(name)


if __name__ == "__main__":
    main()
