// SPDX-License-Identifier: Apache-2.0
//
// How a story is found and shared: its own titles and texts, and what they will look like, live.
import { currentSession } from "../api";
import type { Image, Story } from "../api_types";
import { pictureUrl } from "../stories";
import { Area, Button, Input } from "../ui/parts";
import { t } from "../words";
import type { Fields } from "./story";

const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1).replace(/\s+\S*$/, "")}…` : text);

export function SearchAndSharing({ story, fields, hero, shareImage, readOnly, onChange, onPicture }: { story: Story; fields: Fields; hero: Image | null; shareImage: Image | null; readOnly: boolean; onChange: (part: Partial<Fields>) => void; onPicture: () => void }) {
  const paper = currentSession()!.newspaper;
  const seoTitle = fields.seo_title || fields.headline || t("untitled");
  const seoText = fields.seo_description || fields.standfirst;
  const shareTitle = fields.share_title || seoTitle;
  const shareText = fields.share_description || seoText;
  const picture = pictureUrl(shareImage ?? hero, "16x9", 640);
  const host = paper.base_url.replace(/^https?:\/\//, "").replace(/\/$/, "");
  return (
    <>
      <Input label={t("seo_title")} placeholder={fields.headline} value={fields.seo_title} disabled={readOnly} onValue={(seo_title) => onChange({ seo_title })} />
      <Area label={t("seo_description")} placeholder={fields.standfirst} value={fields.seo_description} disabled={readOnly} onValue={(seo_description) => onChange({ seo_description })} />
      <Input label={t("slug")} hint={t("slug_hint")} value={fields.slug} disabled={readOnly} onValue={(slug) => onChange({ slug: slug.toLowerCase().replace(/\s+/g, "-") })} />
      <span class="field__label">{t("preview_search")}</span>
      <div class="preview-search">
        <i>{`${host} › ${story.section?.slug ?? ""}`}</i>
        <b>{cut(seoTitle, 60)}</b>
        <p>{cut(seoText, 155)}</p>
      </div>
      <Input label={t("share_title")} placeholder={seoTitle} value={fields.share_title} disabled={readOnly} onValue={(share_title) => onChange({ share_title })} />
      <Area label={t("share_description")} placeholder={seoText} value={fields.share_description} disabled={readOnly} onValue={(share_description) => onChange({ share_description })} />
      {!readOnly && (
        <div class="row">
          <Button small icon="picture" onClick={onPicture}>
            {t("share_image")}
          </Button>
          {fields.share_image_id && <Button small kind="quiet" icon="close" label={t("remove")} onClick={() => onChange({ share_image_id: null })} />}
        </div>
      )}
      <span class="field__label">{t("preview_share")}</span>
      <div class="preview-card">
        {picture ? <img src={picture} alt="" /> : <div class="blank" />}
        <div>
          <span class="muted">{host}</span>
          <strong>{cut(shareTitle, 70)}</strong>
          <span>{cut(shareText, 110)}</span>
        </div>
      </div>
      <span class="field__label">{t("preview_mail")}</span>
      <div class="preview-card">
        <div>
          <strong class="serif">{fields.headline || t("untitled")}</strong>
          <span>{fields.standfirst}</span>
        </div>
      </div>
    </>
  );
}
