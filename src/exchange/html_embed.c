// SPDX-License-Identifier: Apache-2.0
//
// Implements html_embed.h.
#include "exchange/html_embed.h"

#include "base/text.h"
#include "exchange/html_picture.h"

#include <string.h>

typedef struct EmbedHost {
  const char *part;   // of the frame's address
  const char *label;  // of the link, if the frame has no title
  const char *prefix; // before the identifier behind `part`; NULL: the frame's address is good
} EmbedHost;

static const EmbedHost HOSTS[] = {
    {"youtube.com/embed/", "Video", "https://www.youtube.com/watch?v="},
    {"youtube-nocookie.com/embed/", "Video", "https://www.youtube.com/watch?v="},
    {"player.vimeo.com/video/", "Video", "https://vimeo.com/"},
    {"dailymotion.com/embed/video/", "Video", "https://www.dailymotion.com/video/"},
    {"open.spotify.com/embed/", "Listen", "https://open.spotify.com/"},
    {"platform.twitter.com/embed/", "Post", NULL},
    {"instagram.com/p/", "Post", NULL},
    {"facebook.com/plugins/", "Post", NULL},
    {"tiktok.com/embed/", "Video", NULL},
    {"w.soundcloud.com/player", "Listen", NULL},
    {"bandcamp.com/", "Listen", NULL},
    {"datawrapper.dwcdn.net/", "Chart", NULL},
    {"public.flourish.studio/", "Chart", NULL},
    {"flo.uri.sh/", "Chart", NULL},
    {"documentcloud.org/", "Document", NULL},
    {"google.com/maps", "Map", NULL},
    {"openstreetmap.org/", "Map", NULL},
    {"podcasts.apple.com/", "Listen", NULL},
    {"archive.org/embed/", "Video", NULL},
    {"ted.com/talks/", "Video", NULL},
};

typedef struct EmbedElement { // AMP's and others that name nothing but an identifier
  const char *name, *attribute, *prefix, *label;
} EmbedElement;

static const EmbedElement ELEMENTS[] = {
    {"amp-youtube", "data-videoid", "https://www.youtube.com/watch?v=", "Video"},
    {"lite-youtube", "videoid", "https://www.youtube.com/watch?v=", "Video"},
    {"amp-vimeo", "data-videoid", "https://vimeo.com/", "Video"},
    {"amp-dailymotion", "data-videoid", "https://www.dailymotion.com/video/", "Video"},
    {"amp-twitter", "data-tweetid", "https://twitter.com/i/status/", "Post"},
    {"amp-instagram", "data-shortcode", "https://www.instagram.com/p/", "Post"},
    {"amp-facebook", "data-href", "", "Post"},
    {"amp-iframe", "src", "", "Link"},
};

static const EmbedElement *element_of(const XmlNode *node) {
  for (gsize i = 0; i < G_N_ELEMENTS(ELEMENTS); i++) {
    if (xml_node_is(node, ELEMENTS[i].name)) {
      return &ELEMENTS[i];
    }
  }
  return NULL;
}

gboolean html_is_embed(const XmlNode *node) {
  return node->name != NULL && !node->dropped &&
         (xml_node_is(node, "iframe") || xml_node_is(node, "video") || xml_node_is(node, "audio") ||
          element_of(node) != NULL);
}

static char *url_of_frame(const XmlNode *frame, const char *base_url, const char **ret_label) {
  static const char *const SOURCES[] = {"src", "data-src", "data-lazy-src"};
  g_autofree char *url = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(SOURCES) && url == NULL; i++) {
    const char *value = xml_node_attribute(frame, SOURCES[i]);
    url = value != NULL && !g_str_has_prefix(value, "about:") ? html_absolute_url(value, base_url)
                                                              : NULL;
  }
  for (gsize i = 0; url != NULL && i < G_N_ELEMENTS(HOSTS); i++) {
    const char *at = strstr(url, HOSTS[i].part);
    if (at == NULL || at - url > 40) {
      continue;
    }
    *ret_label = HOSTS[i].label;
    const char *identifier = at + strlen(HOSTS[i].part);
    if (HOSTS[i].prefix == NULL) {
      return g_str_has_prefix(url, "//") ? g_strconcat("https:", url, NULL) : g_steal_pointer(&url);
    }
    g_autofree char *plain = g_strndup(identifier, strcspn(identifier, "?&#\"<> "));
    return plain[0] != '\0' ? g_strconcat(HOSTS[i].prefix, plain, NULL) : NULL;
  }
  return NULL;
}

static char *url_of_media(const XmlNode *media, const char *base_url) {
  const char *source = xml_node_attribute(media, "src");
  for (const XmlNode *node = media->first_child; node != NULL && source == NULL;
       node = node->next) {
    source = xml_node_is(node, "source") ? xml_node_attribute(node, "src") : NULL;
  }
  char *url = html_absolute_url(source, base_url);
  if (url != NULL && strstr(url, "://") == NULL) { // in the page's own folder, which isn't ours
    g_clear_pointer(&url, g_free);
  }
  return url;
}

char *html_embed_url(const XmlNode *node, const char *base_url, char **ret_label) {
  const EmbedElement *element = element_of(node);
  const char *label = xml_node_is(node, "audio") ? "Listen" : "Video";
  char *url = NULL;
  if (element != NULL) {
    const char *value = xml_node_attribute(node, element->attribute);
    g_autofree char *joined = value != NULL ? g_strconcat(element->prefix, value, NULL) : NULL;
    url = html_absolute_url(joined, base_url);
    label = element->label;
  } else if (xml_node_is(node, "iframe")) {
    url = url_of_frame(node, base_url, &label);
  } else {
    url = url_of_media(node, base_url);
  }
  const char *title = xml_node_attribute(node, "title");
  g_autofree char *words = title != NULL ? text_collapse_space(slice_of(title)) : NULL;
  gboolean told = words != NULL && words[0] != '\0' && strlen(words) <= 200;
  *ret_label = told ? g_steal_pointer(&words) : g_strdup(label);
  return url;
}

static gboolean has_class(const XmlNode *node, const char *word) {
  const char *class = xml_node_attribute(node, "class");
  return class != NULL && strstr(class, word) != NULL;
}

const XmlNode *html_embed_card(const XmlNode *figure) {
  const XmlNode *link = has_class(figure, "bookmark-card") || has_class(figure, "link-card")
                            ? xml_node_child(figure, NULL, "a")
                            : NULL;
  for (XmlNode *node = link != NULL ? link->first_child : NULL; node != NULL;
       node = xml_node_following(node, link)) {
    if (node->name != NULL && (xml_node_is(node, "img") || has_class(node, "description") ||
                               has_class(node, "metadata") || has_class(node, "thumbnail"))) {
      node->dropped = TRUE;
    }
  }
  return link;
}
