// SPDX-License-Identifier: Apache-2.0
//
// One picture: its words, what must stay in view, a cut for each aspect with how it shows, where it
// is used, and putting another file in its place.
import Cropper from "cropperjs";
import { useEffect, useRef, useState } from "preact/hooks";
import { Fault, may, patch, remove, upload, useRead } from "../api";
import type { Image, ImageUses, Rectangle } from "../api_types";
import { go, href } from "../router";
import { pictureUrl } from "../stories";
import { Area, Badge, Button, Dialog, Head, Input, Loading, Notice, Progress, toast, useConfirm } from "../ui/parts";
import { t } from "../words";
import { bytes } from "./mail_parts";

const ASPECTS = ["16x9", "4x3", "3x2", "1x1"] as const;
const ratio = (aspect: string) => {
  const [width, height] = aspect.split("x").map(Number);
  return width! / height!;
};

// The cut as the server makes it: the largest rectangle of the aspect, around the focal point.
function around(image: Pick<Image, "width" | "height" | "focal_x" | "focal_y">, aspect: string): Rectangle {
  const wanted = ratio(aspect);
  let width = image.width, height = image.height;
  if (width / height > wanted) width = Math.round(height * wanted);
  else height = Math.round(width / wanted);
  const place = (focal: number, whole: number, part: number) => Math.max(0, Math.min(whole - part, Math.round((focal / 10000) * whole - part / 2)));
  return { x: place(image.focal_x, image.width, width), y: place(image.focal_y, image.height, height), width, height };
}

export default function PictureView({ parameters }: { parameters: Record<string, string> }) {
  const read = useRead<Image>(`/images/${parameters.id}`);
  if (read.fault && !read.data) return <Notice tone="bad">{read.fault.message}</Notice>;
  if (!read.data) return <Loading />;
  return <Picture image={read.data} onImage={read.set} />;
}

function Picture({ image, onImage }: { image: Image; onImage: (image: Image) => void }) {
  const uses = useRead<ImageUses>(`/images/${image.id}/uses`);
  const [words, setWords] = useState({ alt: image.alt, caption: image.caption, credit: image.credit, rights: image.rights });
  const [focal, setFocal] = useState({ focal_x: image.focal_x, focal_y: image.focal_y });
  const [cropping, setCropping] = useState<string | null>(null);
  const [replacing, setReplacing] = useState<{ done: number; total: number } | null>(null);
  const [confirmation, confirm] = useConfirm();
  const input = useRef<HTMLInputElement>(null);
  const writable = may("image.write");
  const save = async (change: Record<string, unknown>) => {
    try {
      onImage(await patch<Image>(`/images/${image.id}`, change));
    } catch (error) {
      toast((error as Fault).message, "bad");
    }
  };
  const changedWords = (Object.keys(words) as (keyof typeof words)[]).some((key) => words[key] !== image[key]);
  useEffect(() => {
    if (!changedWords || !writable) return;
    const timer = setTimeout(() => void save(words), 900);
    return () => clearTimeout(timer);
  }, [words, changedWords]);
  useEffect(() => {
    if (!writable || (focal.focal_x === image.focal_x && focal.focal_y === image.focal_y)) return;
    const timer = setTimeout(() => void save(focal), 500);
    return () => clearTimeout(timer);
  }, [focal]);
  const shown = { ...image, ...focal };
  const rectangle = (aspect: string) => (image.crops_set.includes(aspect) ? (image.crops[aspect] ?? around(shown, aspect)) : around(shown, aspect));
  const full = pictureUrl(image, "full", 1280);
  const replace = async (file: File) => {
    setReplacing({ done: 0, total: file.size });
    try {
      onImage(await upload<Image>(`/images/${image.id}/replace`, file, { name: file.name }, (done, total) => setReplacing({ done, total })));
      toast(t("picture_replaced"));
    } catch (error) {
      toast((error as Fault).message, "bad");
    }
    setReplacing(null);
  };
  const erase = async () => {
    if (!(await confirm({ title: t("picture_delete"), text: t("picture_delete_text"), yes: t("picture_delete"), danger: true }))) return;
    try {
      await remove(`/images/${image.id}`);
      go("/pictures");
    } catch (error) {
      toast((error as Fault).message, "bad");
    }
  };
  return (
    <>
      <Head title={image.alt || t("picture_title")} back={{ href: href("/pictures"), label: t("pictures_title") }}>
        {writable && (
          <>
            <Button icon="upload" onClick={() => input.current?.click()}>
              {t("picture_replace")}
            </Button>
            <input ref={input} class="unseen" tabIndex={-1} aria-label={t("picture_replace")} type="file" accept="image/jpeg,image/png,image/webp,image/gif" onChange={(event) => event.currentTarget.files?.[0] && void replace(event.currentTarget.files[0])} />
            <Button kind="danger" icon="trash" disabled={(uses.data?.items.length ?? 1) > 0} onClick={() => void erase()}>
              {t("picture_delete")}
            </Button>
          </>
        )}
      </Head>
      {replacing && <Progress done={replacing.done} total={replacing.total} label={t("uploading", { name: "" })} />}
      <div class="columns">
        <section class="panel">
          <h2>{t("picture_focus")}</h2>
          {full ? (
            <button
              type="button"
              class="focal"
              disabled={!writable}
              aria-label={t("picture_focus")}
              onClick={(event) => {
                const box = event.currentTarget.getBoundingClientRect();
                if (event.detail === 0) return; // a key: the arrows move it
                setFocal({ focal_x: Math.round((10000 * (event.clientX - box.left)) / box.width), focal_y: Math.round((10000 * (event.clientY - box.top)) / box.height) });
              }}
              onKeyDown={(event) => {
                const step = { ArrowLeft: [-200, 0], ArrowRight: [200, 0], ArrowUp: [0, -200], ArrowDown: [0, 200] }[event.key];
                if (!step) return;
                event.preventDefault();
                const within = (value: number) => Math.max(0, Math.min(10000, value));
                setFocal({ focal_x: within(focal.focal_x + step[0]!), focal_y: within(focal.focal_y + step[1]!) });
              }}
            >
              <img src={full} alt={image.alt} width={image.width} height={image.height} />
              <span class="focal__point" style={{ left: `${focal.focal_x / 100}%`, top: `${focal.focal_y / 100}%` }} />
            </button>
          ) : (
            <Notice tone="warn">{t("picture_missing", { url: "" })}</Notice>
          )}
          <p class="field__hint">{t("picture_focus_hint")}</p>
          <p class="small muted">{t("picture_facts", { width: image.width, height: image.height, size: bytes(image.bytes) })}</p>
        </section>
        <section class="panel">
          <Area label={t("picture_alt")} hint={t("picture_alt_hint")} problem={words.alt.trim() ? null : t("picture_alt_hint")} value={words.alt} disabled={!writable} onValue={(alt) => setWords({ ...words, alt })} />
          <Area label={t("picture_caption")} value={words.caption} disabled={!writable} onValue={(caption) => setWords({ ...words, caption })} />
          <Input label={t("picture_credit")} value={words.credit} disabled={!writable} onValue={(credit) => setWords({ ...words, credit })} />
          <Input label={t("picture_rights")} value={words.rights} disabled={!writable} onValue={(rights) => setWords({ ...words, rights })} />
          <p class="small muted" role="status">
            {changedWords ? t("saving") : t("saved")}
          </p>
          <h2>{t("picture_uses")}</h2>
          {uses.data && uses.data.items.length === 0 && <p class="muted">{t("picture_unused")}</p>}
          <ul class="stack stack--tight">
            {uses.data?.items.map((use, i) => (
              <li key={i} class="row">
                {use.story_id ? <a href={href(`/stories/${use.story_id}`)}>{use.title || t("untitled")}</a> : <span>{use.title}</span>}
                <Badge>{use.kind}</Badge>
              </li>
            ))}
          </ul>
        </section>
      </div>
      {full && (
        <section class="panel" style={{ marginTop: "1.25rem" }}>
          <h2>{t("picture_crops")}</h2>
          <div class="crops">
            {ASPECTS.map((aspect) => (
              <div key={aspect} class="stack stack--tight">
                <CropPreview image={image} url={full} rectangle={rectangle(aspect)} aspect={aspect} />
                <div class="row row--spread small">
                  <strong>{aspect.replace("x", ":")}</strong>
                  <span class="muted">{t(`crop_${aspect}`)}</span>
                </div>
                <div class="row">
                  <Badge tone={image.crops_set.includes(aspect) ? "strong" : "plain"}>{image.crops_set.includes(aspect) ? t("picture_crop_by_hand") : t("picture_crop_auto")}</Badge>
                  {writable && (
                    <Button small icon="crop" label={t("picture_crop", { aspect: aspect.replace("x", ":") })} onClick={() => setCropping(aspect)} />
                  )}
                  {writable && image.crops_set.includes(aspect) && <Button small kind="quiet" icon="undo" label={t("picture_crop_reset")} onClick={() => void save({ crops: { [aspect]: null } })} />}
                </div>
              </div>
            ))}
          </div>
        </section>
      )}
      {cropping && full && (
        <CropDialog
          image={image}
          url={pictureUrl(image, "full", 1920)!}
          aspect={cropping}
          start={rectangle(cropping)}
          onClose={() => setCropping(null)}
          onCrop={(found) => {
            void save({ crops: { [cropping]: found } });
            setCropping(null);
          }}
        />
      )}
      {confirmation}
    </>
  );
}

function CropPreview({ image, url, rectangle, aspect }: { image: Image; url: string; rectangle: Rectangle; aspect: string }) {
  return (
    <div class="crop-preview" style={{ aspectRatio: String(ratio(aspect)) }}>
      <img src={url} alt="" style={{ width: `${(100 * image.width) / rectangle.width}%`, left: `${(-100 * rectangle.x) / rectangle.width}%`, top: `${(-100 * rectangle.y) / rectangle.height}%` }} />
    </div>
  );
}

function CropDialog({ image, url, aspect, start, onClose, onCrop }: { image: Image; url: string; aspect: string; start: Rectangle; onClose: () => void; onCrop: (rectangle: Rectangle) => void }) {
  const picture = useRef<HTMLImageElement>(null);
  const cropper = useRef<Cropper | null>(null);
  const [shown, setShown] = useState(start);
  const scale = (natural: number) => image.width / natural;
  const rectangle = (): Rectangle => {
    const data = cropper.current!.getData();
    const by = scale(picture.current!.naturalWidth);
    const width = Math.max(1, Math.min(image.width, Math.round(data.width * by)));
    const height = Math.max(1, Math.min(image.height, Math.round(width / ratio(aspect))));
    return { x: Math.max(0, Math.min(image.width - width, Math.round(data.x * by))), y: Math.max(0, Math.min(image.height - height, Math.round(data.y * by))), width, height };
  };
  useEffect(() => {
    const made = new Cropper(picture.current!, {
      aspectRatio: ratio(aspect),
      viewMode: 2,
      autoCropArea: 1,
      zoomable: false,
      checkCrossOrigin: false,
      checkOrientation: false,
      background: false,
      ready: () => {
        const by = 1 / scale(picture.current!.naturalWidth);
        made.setData({ x: start.x * by, y: start.y * by, width: start.width * by, height: start.height * by });
      },
      crop: () => setShown(rectangle()),
    });
    cropper.current = made;
    return () => made.destroy();
  }, []);
  return (
    <Dialog
      title={t("picture_crop", { aspect: aspect.replace("x", ":") })}
      wide
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button kind="primary" onClick={() => onCrop(rectangle())}>
            {t("save")}
          </Button>
        </>
      }
    >
      <div
        class="cropper-box"
        tabIndex={0}
        role="application"
        aria-label={t("picture_crop", { aspect })}
        onKeyDown={(event) => {
          const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
          if (!step || !cropper.current) return;
          event.preventDefault();
          const box = cropper.current.getCropBoxData();
          const size = event.shiftKey ? 10 : 2;
          cropper.current.setCropBoxData({ ...box, left: box.left + step[0]! * size, top: box.top + step[1]! * size });
        }}
      >
        <img ref={picture} src={url} alt={image.alt} />
      </div>
      <div style={{ maxWidth: "16rem" }}>
        <CropPreview image={image} url={url} rectangle={shown} aspect={aspect} />
      </div>
      <p class="small muted">
        {shown.width} × {shown.height}
      </p>
    </Dialog>
  );
}
