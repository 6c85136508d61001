// SPDX-License-Identifier: Apache-2.0
//
// Implements html_picture.h.
#include "exchange/html_picture.h"

#include "base/text.h"

#include <string.h>

#define ICON_PIXELS 64 // faces beside a name, badges, pixels that count visitors

char *html_absolute_url(const char *url, const char *base_url) {
  if (url == NULL || strlen(url) > 4096 || !g_utf8_validate(url, -1, NULL)) {
    return NULL;
  }
  g_autofree char *trimmed = g_strstrip(g_strdup(url));
  if (trimmed[0] == '\0' || g_str_has_prefix(trimmed, "#")) {
    return NULL;
  }
  g_autofree char *found =
      base_url != NULL
          ? g_uri_resolve_relative(base_url, trimmed,
                                   G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED, NULL)
          : NULL;
  const char *absolute = found != NULL ? found : trimmed;
  g_autofree char *scheme = g_uri_parse_scheme(absolute);
  if (scheme != NULL && strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0 &&
      strcmp(scheme, "mailto") != 0 && strcmp(scheme, "tel") != 0) {
    return NULL;
  }
  return g_uri_escape_string(absolute, "!#$%&'()*+,/:;=?@[]~", TRUE);
}

// The address with the greatest width or density in a srcset. Caller frees; NULL if none.
static char *largest_of_srcset(const char *srcset) {
  g_auto(GStrv) parts = g_strsplit(srcset != NULL ? srcset : "", ", ", 64);
  double best = -1;
  char *url = NULL;
  for (guint i = 0; parts[i] != NULL; i++) {
    char *part = g_strstrip(parts[i]);
    char *space = strrchr(part, ' ');
    double size = space != NULL ? g_ascii_strtod(space + 1, NULL) : 0;
    if (part[0] != '\0' && size > best) {
      best = size;
      g_free(url);
      url = g_strndup(part, space != NULL ? (gsize)(space - part) : strlen(part));
    }
  }
  return url;
}

static gboolean is_small(const XmlNode *image, const char *name) {
  const char *value = xml_node_attribute(image, name);
  return value != NULL && g_ascii_isdigit(value[0]) &&
         g_ascii_strtoll(value, NULL, 10) <= ICON_PIXELS && strchr(value, '%') == NULL;
}

// What stands in a lazy picture's place until the script fetches it.
static gboolean is_stand_in(const char *url) {
  static const char *const NAMES[] = {"placeholder", "blank.",    "spacer",   "pixel.",
                                      "transparent", "lazy.",     "lazyload", "loading.",
                                      "1x1",         "grey.gif",  "empty.",   "dummy.",
                                      "default.gif", "clear.gif", "trans.gif"};
  if (url == NULL || url[strspn(url, " \t\r\n")] == '\0' || g_str_has_prefix(url, "data:") ||
      g_str_has_prefix(url, "about:")) {
    return TRUE;
  }
  g_autofree char *path = g_ascii_strdown(url, (gssize)strcspn(url, "?#"));
  const char *name = strrchr(path, '/');
  name = name != NULL ? name + 1 : path;
  for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
    if (strstr(name, NAMES[i]) != NULL) {
      return TRUE;
    }
  }
  return FALSE;
}

static char *from_srcset(const XmlNode *node) {
  static const char *const SETS[] = {"data-srcset", "data-lazy-srcset", "srcset"};
  for (gsize i = 0; i < G_N_ELEMENTS(SETS); i++) {
    char *largest = largest_of_srcset(xml_node_attribute(node, SETS[i]));
    if (!is_stand_in(largest)) {
      return largest;
    }
    g_free(largest);
  }
  return NULL;
}

// <picture><source srcset><img>: rather what old browsers can show than AVIF. The parser may have
// put the picture's image into its sources.
static char *from_sources(const XmlNode *image) {
  const XmlNode *picture = image->parent;
  while (picture != NULL && xml_node_is(picture, "source")) {
    picture = picture->parent;
  }
  char *found = NULL;
  for (const XmlNode *node = picture != NULL && xml_node_is(picture, "picture") ? picture : NULL;
       node != NULL; node = xml_node_following(node, picture)) {
    const char *type = xml_node_attribute(node, "type");
    gboolean modern =
        type != NULL && (strstr(type, "avif") != NULL || strstr(type, "webp") != NULL);
    char *largest = xml_node_is(node, "source") ? from_srcset(node) : NULL;
    if (largest != NULL && (found == NULL || !modern)) {
      g_free(found);
      found = largest;
    } else {
      g_free(largest);
    }
  }
  return found;
}

static char *choose_address(const XmlNode *image) {
  static const char *const SOURCES[] = {
      "data-src",      "data-lazy-src", "data-original",   "data-orig-file",
      "data-full-url", "data-image",    "data-hi-res-src", "src"};
  for (gsize i = 0; i < G_N_ELEMENTS(SOURCES); i++) {
    const char *value = xml_node_attribute(image, SOURCES[i]);
    if (!is_stand_in(value)) {
      return g_strdup(value);
    }
  }
  char *found = from_srcset(image);
  return found != NULL ? found : from_sources(image);
}

char *html_image_url(const XmlNode *image, const char *base_url) {
  const char *class = xml_node_attribute(image, "class");
  if (is_small(image, "width") || is_small(image, "height") ||
      (class != NULL && (strstr(class, "avatar") != NULL || strstr(class, "emoji") != NULL))) {
    return NULL;
  }
  g_autofree char *chosen = choose_address(image);
  return chosen != NULL ? html_absolute_url(chosen, base_url) : NULL;
}

char *html_picture_name(const char *url) {
  g_autofree char *path = g_strndup(url, strcspn(url, "?#"));
  g_autofree char *plain = g_uri_unescape_string(path, NULL);
  return g_path_get_basename(plain != NULL ? plain : path);
}

// ---- captions --------------------------------------------------------------------------------

static XmlNode *find_inside(const XmlNode *root, const char *name) {
  for (XmlNode *node = root->first_child; node != NULL; node = xml_node_following(node, root)) {
    if (xml_node_is(node, name)) {
      return node;
    }
  }
  return NULL;
}

static gboolean has_class_word(const XmlNode *node, const char *word) {
  const char *value = xml_node_attribute(node, "class");
  return value != NULL && strstr(value, word) != NULL;
}

static char *flat_text(const XmlNode *node) {
  g_autofree char *raw = xml_node_text(node);
  return text_collapse_space(slice_of(raw));
}

static gboolean names_credit(const XmlNode *node) {
  return node->name != NULL && !node->dropped &&
         (has_class_word(node, "credit") || has_class_word(node, "copyright") ||
          has_class_word(node, "source") || xml_node_is(node, "cite"));
}

static const char *const CREDIT_LABELS[] = {
    "Photograph: ",   "Photograph by ", "Photo: ",        "Photo by ",      "Photo credit: ",
    "Picture: ",      "Picture by ",    "Image: ",        "Image by ",      "Credit: ",
    "Photos: ",       "Photos by ",     "Foto: ",         "Fotos: ",        "Bild: ",
    "Quelle: ",       "Crédit: ",       "Crédit : ",      "Photo : ",       "Imagen: ",
    "Image credit: ", "Image source: ", "Illustration: ", "Image source, ", "© "};

// "Photograph: Kit Orr/The Warden" -> "Kit Orr/The Warden"
static char *credit_name(const char *text) {
  for (gsize i = 0; i < G_N_ELEMENTS(CREDIT_LABELS); i++) {
    if (g_str_has_prefix(text, CREDIT_LABELS[i])) {
      text += strlen(CREDIT_LABELS[i]);
      break;
    }
  }
  char *name = g_strdup(text);
  gsize length = strlen(name);
  gboolean initial = length < 3 || name[length - 3] == ' ' || name[length - 3] == '.';
  if (length > 0 && name[length - 1] == '.' && !initial) {
    name[length - 1] = '\0';
  }
  return name;
}

// "The van in question. Photograph: Kit Orr/The Warden": where the maker's part begins.
static char *find_credit(char *words) {
  for (gsize i = 0; i < G_N_ELEMENTS(CREDIT_LABELS); i++) {
    char *at = g_strrstr(words, CREDIT_LABELS[i]);
    gboolean begins =
        at != NULL &&
        (at == words || (at[-1] == ' ' && at - words >= 2 && strchr(".!?\")|", at[-2]) != NULL));
    if (begins && strlen(at) < 120) {
      return at;
    }
  }
  return NULL;
}

HtmlCaption html_caption_read(const XmlNode *figure) {
  HtmlCaption caption = {g_strdup(""), g_strdup("")};
  XmlNode *element = find_inside(figure, "figcaption");
  for (XmlNode *node = figure->first_child; node != NULL; node = xml_node_following(node, figure)) {
    if (names_credit(node)) {
      g_free(caption.credit);
      g_autofree char *said = flat_text(node);
      caption.credit = credit_name(said);
      node->dropped = TRUE; // not again in the caption
      break;
    }
  }
  if (element == NULL || element->dropped) {
    return caption;
  }
  g_free(caption.words);
  caption.words = flat_text(element);
  char *credit = caption.credit[0] == '\0' ? find_credit(caption.words) : NULL;
  if (credit != NULL) {
    g_free(caption.credit);
    caption.credit = credit_name(credit);
    *credit = '\0';
    g_strchomp(caption.words);
  }
  return caption;
}

void html_caption_clear(HtmlCaption *caption) {
  g_clear_pointer(&caption->words, g_free);
  g_clear_pointer(&caption->credit, g_free);
}
