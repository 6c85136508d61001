#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The edition's PDFs, looked at by others' tools: qpdf (syntax), poppler (text copies out in order),
and pikepdf walking every rule of PDF/UA-1 that the Matterhorn protocol calls checkable by machine,
and those of PDF/A-2a that have to do with what we write. Run as: test_pdf.py PDF_CASES, or
test_pdf.py --look FILE.pdf… for any file."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import pikepdf

STANDARD = set("""Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3
H4 H5 H6 L LI Lbl LBody Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot
Ruby Warichu Figure Formula Form""".split())
PARENTS = {"LI": {"L"}, "Lbl": {"LI", "Note"}, "LBody": {"LI"}, "TR": {"Table", "THead", "TBody", "TFoot"},
           "TH": {"TR"}, "TD": {"TR"}, "TOCI": {"TOC"}}
SHOWING = {"TJ", "Tj", "'", '"', "Do", "f", "f*", "F", "S", "s", "B", "b", "B*", "b*", "sh", "EI"}


class Look:
    """One file and the faults found in it."""

    def __init__(self, path):
        self.path = path
        self.pdf = pikepdf.open(path)
        self.faults = []
        self.marked = {}   # page index -> set of MCIDs in its content
        self.claimed = {}  # page index -> {MCID: element}
        self.headings = []

    def fault(self, rule, text):
        self.faults.append(f"{rule}: {text}")

    def wants(self, condition, rule, text):
        if not condition:
            self.fault(rule, text)

    # ---- the document
    def catalogue(self):
        root, info = self.pdf.Root, self.pdf.docinfo
        self.wants(root.get("/MarkInfo", {}).get("/Marked", False), "06-001", "not marked as tagged")
        self.wants(str(root.get("/Lang", "")) != "", "11-006", "no language")
        self.wants(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False), "07-001", "no DisplayDocTitle")
        self.wants("/PageLabels" in root, "17-002", "no page labels")
        self.wants("/Metadata" in root, "06-001", "no XMP")
        self.wants("/Filter" not in root.Metadata, "PDF/A 6.6.2.1", "XMP is compressed")
        xmp = root.Metadata.read_bytes().decode()
        for rule, want in (("06-002", "<pdfuaid:part>1<"), ("06-003", "<dc:title>"),
                           ("PDF/A 6.6.4", "<pdfaid:part>2<"), ("PDF/A 6.6.4", "<pdfaid:conformance>A<"),
                           ("PDF/A 6.6.2.3", "pdfaExtension:schemas")):
            self.wants(want in xmp, rule, f"XMP lacks {want}")
        self.wants(str(info["/Title"]) in xmp.replace("&amp;", "&"), "PDF/A", "Info and XMP differ in the title")
        date = re.search(r"<xmp:CreateDate>([^<]+)<", xmp).group(1)
        self.wants(re.sub(r"\D", "", date) == re.sub(r"\D", "", str(info["/CreationDate"])), "PDF/A", "dates differ")
        intents = list(root.get("/OutputIntents", []))
        self.wants(len(intents) == 1 and intents[0].S == "/GTS_PDFA1", "PDF/A 6.2.3", "no output intent")
        profile = intents[0].DestOutputProfile.read_bytes()
        self.wants(profile[36:40] == b"acsp" and int.from_bytes(profile[:4], "big") == len(profile), "PDF/A", "profile")
        for key in ("/AA", "/OpenAction", "/AcroForm", "/Names"):
            self.wants(key not in root, "PDF/A", f"catalogue has {key}")
        self.wants("/ID" in self.pdf.trailer, "PDF/A 6.1.3", "no ID")
        self.wants(not self.pdf.is_encrypted, "26-001", "encrypted")

    # ---- content: all that is shown is in an element or an artifact
    def content(self, index, page):
        depth, marked = [], set()
        for operands, operator in pikepdf.parse_content_stream(page):
            op = str(operator)
            if op in ("BDC", "BMC"):
                tag = str(operands[0])
                mcid = operands[1].get("/MCID") if op == "BDC" else None
                inside = [kind for kind, _ in depth]
                if tag == "/Artifact":
                    self.wants("real" not in inside, "01-003", f"page {index + 1}: artifact in tagged content")
                    depth.append(("artifact", tag))
                elif mcid is not None:
                    self.wants("artifact" not in inside, "01-004", f"page {index + 1}: tagged content in artifact")
                    self.wants(int(mcid) not in marked, "PDF", f"page {index + 1}: MCID {mcid} twice")
                    marked.add(int(mcid))
                    depth.append(("real", tag))
                else:
                    depth.append(("span", tag))
            elif op == "EMC":
                self.wants(bool(depth), "PDF", "EMC without BDC")
                depth and depth.pop()
            elif op in SHOWING:
                kinds = {kind for kind, _ in depth}
                self.wants(kinds & {"real", "artifact"}, "01-005", f"page {index + 1}: {op} neither tagged nor artifact")
        self.wants(not depth, "PDF", f"page {index + 1}: BDC without EMC")
        self.marked[index] = marked
        self.wants("/ExtGState" not in page.get("/Resources", {}), "PDF/A", "graphics state with transparency?")

    def pages(self):
        self.index_of = {page.objgen: i for i, page in enumerate(p.obj for p in self.pdf.pages)}
        for index, page in enumerate(self.pdf.pages):
            self.content(index, page)
            self.wants(page.obj.get("/Tabs") == "/S", "28-008", f"page {index + 1}: Tabs is not S")
            self.wants("/StructParents" in page.obj, "01", f"page {index + 1}: no StructParents")

    # ---- the structure tree
    def kids(self, element):
        kids = element.get("/K", [])
        return list(kids) if isinstance(kids, pikepdf.Array) else [kids]

    def text_bearing(self, element, page):
        for kid in self.kids(element):
            if isinstance(kid, int):
                self.claim(self.index_of[page.objgen], kid, element)
            elif kid.get("/Type") == "/MCR":
                self.claim(self.index_of[kid.Pg.objgen], int(kid.MCID), element)
            elif kid.get("/Type") == "/OBJR":
                self.wants(element.S == "/Link", "28-010", "annotation outside of a Link")
                self.linked.add(kid.Obj.objgen)
            else:
                self.element(kid, element)

    def claim(self, page, mcid, element):
        self.wants(mcid not in self.claimed.setdefault(page, {}), "PDF", f"MCID {mcid} in two elements")
        self.claimed[page][mcid] = element

    def element(self, element, parent):
        kind = str(element.S)[1:]
        self.wants(kind in STANDARD, "02-001", f"{kind} is no standard type")
        self.wants(element.P.objgen == parent.objgen, "PDF", f"{kind}: parent differs")
        above = str(parent.get("/S", "/"))[1:]
        self.wants(kind not in PARENTS or above in PARENTS[kind], "09-004", f"{kind} in {above}")
        if kind == "Figure":
            self.wants(str(element.get("/Alt", "")).strip() != "", "13-004", "a figure without alt text")
            attributes = element.get("/A", pikepdf.Array([]))
            attributes = list(attributes) if isinstance(attributes, pikepdf.Array) else [attributes]
            self.wants(any("/BBox" in one for one in attributes), "13", "a figure without bounds")
        if kind == "Note":
            self.wants("/ID" in element, "19-003", "a note without ID")
        if kind == "Link":
            kinds = [kid for kid in self.kids(element) if not isinstance(kid, int) and kid.get("/Type") == "/OBJR"]
            self.wants(kinds, "28-011", "a Link without its annotation")
        if re.fullmatch(r"H[1-6]", kind):
            self.headings.append(int(kind[1]))
        self.text_bearing(element, element.get("/Pg"))

    def structure(self):
        tree = self.pdf.Root.StructTreeRoot
        self.linked = set()
        for kid in self.kids(tree):
            self.wants(kid.S == "/Document", "01", "the root is no Document")
            self.element(kid, tree)
        last = 0
        for level in self.headings:
            self.wants(level <= last + 1, "14-003", f"H{level} after H{last}")
            last = level
        self.wants(not self.headings or self.headings[0] == 1, "14-002", "the first heading is no H1")
        for index, marked in self.marked.items():
            claimed = set(self.claimed.get(index, {}))
            self.wants(marked == claimed, "01", f"page {index + 1}: content {sorted(marked ^ claimed)[:5]} in no element, or none")
        self.parent_tree(tree)

    def parent_tree(self, tree):
        nums = list(tree.ParentTree.Nums)
        entries = {int(nums[i]): nums[i + 1] for i in range(0, len(nums), 2)}
        for index, page in enumerate(self.pdf.pages):
            row = entries[int(page.obj.StructParents)]
            for mcid in self.marked[index]:
                self.wants(row[mcid].objgen == self.claimed[index][mcid].objgen, "PDF", "the parent tree leads elsewhere")
            for annot in page.obj.get("/Annots", []):
                self.annotation(annot, entries)

    def annotation(self, annot, entries):
        self.wants(annot.Subtype == "/Link", "28", "an annotation that is no link")
        self.wants(str(annot.get("/Contents", "")) != "", "28-004", "a link without words")
        self.wants(int(annot.get("/F", 0)) & 4, "PDF/A 6.3.2", "a link that isn't printed")
        self.wants(annot.objgen in self.linked, "28-002", "a link that no element holds")
        self.wants(entries[int(annot.StructParent)].S == "/Link", "28-010", "a link's parent is no Link")
        self.wants("/Dest" in annot or annot.A.S == "/URI", "PDF/A", "a link that does something else")
        box = [float(x) for x in annot.Rect]
        self.wants(box[0] < box[2] and box[1] < box[3], "PDF", f"a link's rectangle is {box}")

    # ---- fonts
    def used_codes(self):
        used = {}
        for page in self.pdf.pages:
            font = None
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    font = page.obj.Resources.Font[str(operands[0])]
                elif str(operator) == "TJ":
                    for part in operands[0]:
                        if isinstance(part, pikepdf.String):
                            codes = bytes(part)
                            used.setdefault(font.objgen, (font, set()))[1].update(
                                int.from_bytes(codes[i:i + 2], "big") for i in range(0, len(codes), 2))
        return used.values()

    def fonts(self):
        for font, codes in self.used_codes():
            name, child = str(font.BaseFont), font.DescendantFonts[0]
            self.wants(font.Subtype == "/Type0" and font.Encoding == "/Identity-H", "31", f"{name}: encoding")
            self.wants(child.BaseFont == font.BaseFont == child.FontDescriptor.FontName, "31", f"{name}: names differ")
            self.wants(re.match(r"/[A-Z]{6}\+", name), "31", f"{name}: no subset tag")
            descriptor = child.FontDescriptor
            self.wants("/FontFile2" in descriptor or "/FontFile3" in descriptor, "31-009", f"{name}: not embedded")
            cmap = font.ToUnicode.read_bytes().decode()
            mapped = {int(a, 16): b for a, b in re.findall(r"<([0-9A-F]{4})> <([0-9A-F]*)>", cmap)}
            self.wants(codes <= set(mapped), "10-001", f"{name}: codes without Unicode")
            for code in codes:
                self.wants(mapped.get(code, "") not in ("", "0000", "FEFF", "FFFE"), "10-001", f"{name}: code {code}")
            widths = self.widths(child)
            self.wants(codes <= set(widths), "31", f"{name}: codes without width")
            if child.Subtype == "/CIDFontType2":
                glyphs = child.CIDToGIDMap.read_bytes()
                for code in codes:
                    glyph = int.from_bytes(glyphs[code * 2:code * 2 + 2], "big")
                    self.wants(glyph != 0, "31-030", f"{name}: code {code} is .notdef")
                    self.true_width(name, descriptor, glyph, widths.get(code, 0))
            else:
                self.wants(0 not in codes, "31-030", f"{name}: .notdef")

    @staticmethod
    def widths(child):
        widths, w = {}, list(child.W)
        for i in range(0, len(w), 2):
            for j, width in enumerate(w[i + 1]):
                widths[int(w[i]) + j] = float(width)
        return widths

    def true_width(self, name, descriptor, glyph, width):
        data = descriptor.FontFile2.read_bytes()
        tables = {}
        for i in range(int.from_bytes(data[4:6], "big")):
            at = 12 + 16 * i
            tables[data[at:at + 4]] = int.from_bytes(data[at + 8:at + 12], "big")
        upem = int.from_bytes(data[tables[b"head"] + 18:tables[b"head"] + 20], "big")
        metrics = int.from_bytes(data[tables[b"hhea"] + 34:tables[b"hhea"] + 36], "big")
        at = tables[b"hmtx"] + 4 * min(glyph, metrics - 1)
        self.wants(abs(int.from_bytes(data[at:at + 2], "big") * 1000 / upem - width) < 1, "31-005", f"{name}: width of {glyph}")

    def all(self):
        self.catalogue()
        self.pages()
        self.structure()
        self.fonts()
        return self.faults


# What Preflight knows of PDF/A is part 1; part 2 lets cross-references be a stream and
# needs no CIDSet.
ALLOWED = {"1.4": "/XRef cross reference streams", "3.1.11": "CIDSet entry is missing",
           "7.11.2": "part must be 1"}
JARS = [f"/usr/share/java/{name}.jar" for name in
        ("preflight", "pdfbox2", "xmpbox", "fontbox2", "commons-io", "commons-logging", "javax.activation", "jaxb-api")]


def judge_archive(paths):
    """Faults that Apache PDFBox's Preflight finds: an independent judge of PDF/A. None: it isn't installed."""
    if not (shutil.which("javac") and all(map(os.path.exists, JARS))):
        return None
    driver = pathlib.Path(__file__).resolve().parent / "CheckArchive.java"
    done = subprocess.run(["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", ":".join(JARS), driver, *paths],
                          capture_output=True, text=True, timeout=600)
    lines = [line.split("\t", 2) for line in done.stdout.splitlines() if line.count("\t") >= 2]
    assert len([1 for line in lines if line[1] == "done"]) == len(paths), done.stdout + done.stderr
    return [f"{path}: PDF/A {code}: {words}" for path, code, words in lines
            if code != "done" and ALLOWED.get(code, "\0") not in words]


def look(path):
    check = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True)
    faults = [] if check.returncode == 0 else ["qpdf: " + check.stdout + check.stderr]
    return faults + Look(path).all()


def copied(path, *options):
    text = subprocess.run(["pdftotext", *options, path, "-"], capture_output=True, text=True, check=True).stdout
    return re.sub(r"\s+", " ", text.replace("\u00ad\n", "").replace("\u200b", ""))


def check_text(folder):
    english = copied(folder / "english.pdf", "-raw")  # in the order of the content, as it was written
    at = 0
    for words in ("Harbour bridge to close for a year as engineers find cracks", "The council voted on Monday night",
                  "See the report for the difficult, official findings about the efficiency of the office.",
                  "What happens next", "Traffic will be led over the northern crossing", "A ferry every ten minutes",
                  "by night", "There was none that I would send", "In brief", "The bridge at dawn",
                  "a public meeting will be held at the town hall next week."):
        found = english.find(words, at)
        assert found >= 0, f"'{words}' isn't copied out, or not in its place: {english}"
        at = found
    german = copied(folder / "german.pdf")
    for words in ("Der Stadtrat hat am Montagabend", "Donaudampfschifffahrtsgesellschaft", "Größere Straßen außerhalb",
                  "Überraschungen seien nicht ausgeschlossen."):
        assert words in german, f"'{words}' isn't copied out: {german}"
    scripts = re.sub("[\u200e\u200f\u202a-\u202e]", "", copied(folder / "scripts.pdf"))
    for word in ("السلام", "שלום", "мир", "平和", "शांति", "ειρήνη", "efficient offices"):
        assert word in scripts, f"'{word}' isn't copied out: {scripts}"
    chinese = copied(folder / "chinese.pdf").replace(" ", "")
    assert "将两岸之间的行车时间缩短至40分钟" in chinese, chinese


def main(program):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        for folder in (one, two):
            subprocess.run([program, folder], check=True, stdout=subprocess.DEVNULL)
        failed = 0
        for path in sorted(pathlib.Path(one).glob("*.pdf")):
            assert path.read_bytes() == (pathlib.Path(two) / path.name).read_bytes(), f"{path.name}: not the same bytes again"
            faults = look(path)
            print(f"{path.name}: {len(faults)} faults")
            print("".join(f"  {fault}\n" for fault in faults[:20]), end="")
            failed += len(faults)
        archive = judge_archive(sorted(pathlib.Path(one).glob("*.pdf")))
        print("Preflight:", "is not installed" if archive is None else f"{len(archive)} faults")
        print("".join(f"  {fault}\n" for fault in (archive or [])[:20]), end="")
        failed += len(archive or [])
        check_text(pathlib.Path(one))
        return failed


if __name__ == "__main__":
    if sys.argv[1] == "--look":
        found = {path: look(path) for path in sys.argv[2:]}
        for path, faults in found.items():
            print(f"{path}: {len(faults)} faults", *faults[:40], sep="\n  ")
        sys.exit(1 if any(found.values()) else 0)
    sys.exit(1 if main(sys.argv[1]) else 0)
