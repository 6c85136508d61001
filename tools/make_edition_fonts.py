#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the edition's fonts in themes/default/edition/fonts: static, unhinted TrueType.

    tools/make_edition_fonts.py NEWSREADER FRANKLIN

NEWSREADER, FRANKLIN: the unpacked npm packages @expo-google-fonts/newsreader 0.4.1 and
@expo-google-fonts/libre-franklin 0.4.2 (SIL OFL 1.1). The display cuts are instances of the theme's
own variable Newsreader (themes/default/assets/fonts) at a large optical size. Run by hand when the
fonts change; the results are in the tree. Needs python3-fonttools and python3-brotli."""
import pathlib
import sys
import tempfile

from fontTools import merge, subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = pathlib.Path(__file__).resolve().parent.parent
VARIABLE = ROOT / "themes/default/assets/fonts"
OUT = ROOT / "themes/default/edition/fonts"
OPTICAL_SIZE = 60


def strip(font):
    options = subset.Options(hinting=False, layout_features=["*"], name_IDs=["*"], notdef_outline=True,
                             glyph_names=False, legacy_kern=False, drop_tables=["DSIG", "gasp", "meta"])
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=list(font.getBestCmap()), glyphs=font.getGlyphOrder())
    subsetter.subset(font)
    return font


def name(font, family, style, weight):
    table = font["name"]
    table.names = [n for n in table.names if n.nameID in (0, 5, 7, 13, 14)]
    post = f"{family.replace(' ', '')}-{style.replace(' ', '')}"
    for number, text in ((1, family), (2, style), (4, f"{family} {style}"), (6, post)):
        table.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font["head"].modified = font["head"].created


def save(font, file, family, style, weight):
    name(font, family, style, weight)
    font["post"].formatType = 3.0
    font.recalcTimestamp = False
    font.save(OUT / file)
    print(file, (OUT / file).stat().st_size)


def display(weight, file, style):
    """The Latin and the extended Latin part of the variable font, each at one weight and size, joined."""
    parts, folder = [], tempfile.TemporaryDirectory()
    for part in ("newsreader-latin.woff2", "newsreader-latin-ext.woff2"):
        font = TTFont(VARIABLE / part)
        font.flavor = None
        axes = {a.axisTag for a in font["fvar"].axes}
        place = {"wght": weight}
        if "opsz" in axes:
            place["opsz"] = OPTICAL_SIZE
        instancer.instantiateVariableFont(font, place, inplace=True)
        if parts:  # glyphs that both have are the first one's
            have = set(TTFont(parts[0]).getBestCmap())
            options = subset.Options(hinting=False, layout_features=["*"], glyph_names=False)
            subsetter = subset.Subsetter(options)
            subsetter.populate(unicodes=[u for u in font.getBestCmap() if u not in have])
            subsetter.subset(font)
        path = f"{folder.name}/part{len(parts)}.ttf"
        font.save(path)
        parts.append(path)
    save(strip(merge.Merger().merge(parts)), file, "Newsreader Display", style, weight)


def main(newsreader, franklin):
    OUT.mkdir(parents=True, exist_ok=True)
    for folder, source, target in (
        (newsreader, "400Regular/Newsreader_400Regular", "newsreader-regular.ttf"),
        (newsreader, "400Regular_Italic/Newsreader_400Regular_Italic", "newsreader-italic.ttf"),
        (newsreader, "500Medium/Newsreader_500Medium", "newsreader-medium.ttf"),
        (newsreader, "700Bold/Newsreader_700Bold", "newsreader-bold.ttf"),
        (newsreader, "700Bold_Italic/Newsreader_700Bold_Italic", "newsreader-bold-italic.ttf"),
        (franklin, "400Regular/LibreFranklin_400Regular", "franklin-regular.ttf"),
        (franklin, "400Regular_Italic/LibreFranklin_400Regular_Italic", "franklin-italic.ttf"),
        (franklin, "700Bold/LibreFranklin_700Bold", "franklin-bold.ttf"),
        (franklin, "700Bold_Italic/LibreFranklin_700Bold_Italic", "franklin-bold-italic.ttf"),
    ):
        font = TTFont(pathlib.Path(folder) / (source + ".ttf"))
        family = "Newsreader" if "newsreader" in target else "Libre Franklin"
        style = target.split("-", 1)[1][:-4].replace("-", " ").title()
        save(strip(font), target, family, style, font["OS/2"].usWeightClass)
    display(480, "newsreader-display.ttf", "Regular")
    display(660, "newsreader-display-bold.ttf", "Bold")


if __name__ == "__main__":
    main(*sys.argv[1:3])
