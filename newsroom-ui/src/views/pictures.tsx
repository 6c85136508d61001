// SPDX-License-Identifier: Apache-2.0
//
// The library of pictures: search, what lacks a description, uploads by drag, paste or picker.
import { useEffect, useState } from "preact/hooks";
import { may, useList, useSettled } from "../api";
import type { Image } from "../api_types";
import { go, href, setQuery, usePlace } from "../router";
import { pictureUrl } from "../stories";
import { Badge, Button, Check, Empty, Head, Input, Loading, Notice, toast } from "../ui/parts";
import { Drop, useUploads } from "../ui/picker";
import { t } from "../words";

export default function PicturesView() {
  const { query } = usePlace();
  const [words, setWords] = useState(query.get("q") ?? "");
  const settled = useSettled(words.trim());
  useEffect(() => setQuery({ q: settled || undefined }), [settled]);
  const missing = query.get("missing_alt") === "true", unused = query.get("unused") === "true";
  const list = useList<Image>("/images", { q: settled, missing_alt: missing || undefined, unused: unused || undefined, limit: 60 });
  const uploads = useUploads((image) => {
    list.change((items) => [image, ...items.filter((one) => one.id !== image.id)]);
    toast(t("uploaded"), "plain", { label: t("edit"), run: () => go(`/pictures/${image.id}`) });
  });
  return (
    <>
      <Head title={t("pictures_title")} />
      <div class="stack">
        {may("image.write") && <Drop onFiles={(files) => void uploads.start(files)} running={uploads.running} />}
        <div class="filters">
          <Input label={t("pictures_search")} type="search" value={words} onValue={setWords} />
          <Check label={t("pictures_missing_alt")} checked={missing} onChecked={(on) => setQuery({ missing_alt: on ? "true" : undefined })} />
          <Check label={t("pictures_unused")} checked={unused} onChecked={(on) => setQuery({ unused: on ? "true" : undefined })} />
        </div>
        {list.fault && <Notice tone="bad">{list.fault.message}</Notice>}
        {list.loading && list.items.length === 0 ? (
          <Loading />
        ) : list.items.length === 0 ? (
          <Empty title={t("pictures_none")} />
        ) : (
          <ul class="gallery">
            {list.items.map((image) => (
              <li key={image.id}>
                <a class="gallery__item" href={href(`/pictures/${image.id}`)}>
                  {image.hash ? <img src={pictureUrl(image, "3x2", 480)!} alt={image.alt} loading="lazy" /> : <span class="blank" />}
                  {image.alt ? <span class="cut">{image.alt}</span> : <Badge tone="warn">{t("pictures_missing_alt")}</Badge>}
                  {image.credit && <span class="cut">{image.credit}</span>}
                </a>
              </li>
            ))}
          </ul>
        )}
        {list.more && (
          <div class="more">
            <Button busy={list.loading} onClick={list.more}>
              {t("more")}
            </Button>
          </div>
        )}
      </div>
    </>
  );
}
