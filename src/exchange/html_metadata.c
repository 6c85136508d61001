// SPDX-License-Identifier: Apache-2.0
//
// Implements html_metadata.h. JSON-LD is asked first, then OpenGraph, then the older ones.
#include "exchange/html_metadata.h"

#include "base/text.h"
#include "exchange/html_picture.h"
#include "exchange/json_tree.h"

#include <string.h>

void html_metadata_free(HtmlMetadata *metadata) {
  if (metadata == NULL) {
    return;
  }
  char *texts[] = {metadata->title,    metadata->description, metadata->canonical,
                   metadata->image,    metadata->image_alt,   metadata->section,
                   metadata->language, metadata->site_name,   metadata->published,
                   metadata->modified};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_free(texts[i]);
  }
  g_free(metadata->body);
  g_free(metadata->base);
  g_ptr_array_unref(metadata->authors);
  g_ptr_array_unref(metadata->topics);
  g_free(metadata);
}

static void set_once(char **field, const char *value) { // the first that says something
  if (value == NULL || (*field)[0] != '\0') {
    return;
  }
  g_free(*field);
  *field = text_collapse_space(slice_of(value));
}

static void add_name(GPtrArray *names, const char *value) {
  g_autofree char *name = text_collapse_space(slice_of(value));
  if (name[0] != '\0' && names->len < 50 && strlen(name) < 200 && strstr(name, "://") == NULL) {
    g_ptr_array_add(names, g_steal_pointer(&name));
  }
}

// ---- JSON-LD ---------------------------------------------------------------------------------

static gboolean is_article_type(const char *type) {
  static const char *const TYPES[] = {"NewsArticle",           "Article",
                                      "ReportageNewsArticle",  "AnalysisNewsArticle",
                                      "OpinionNewsArticle",    "ReviewNewsArticle",
                                      "BackgroundNewsArticle", "BlogPosting",
                                      "LiveBlogPosting",       "Report"};
  for (gsize i = 0; type != NULL && i < G_N_ELEMENTS(TYPES); i++) {
    if (strcmp(type, TYPES[i]) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean is_article(const JsonNode *node) {
  const JsonNode *type = json_node_member(node, "@type");
  if (type != NULL && type->kind == JSON_LIST) {
    for (guint i = 0; i < type->children->len; i++) {
      if (is_article_type(json_node_text(g_ptr_array_index(type->children, i)))) {
        return TRUE;
      }
    }
  }
  return is_article_type(json_node_text(type));
}

static const JsonNode *find_article(const JsonNode *node) { // its depth is bounded by the parser's
  if (is_article(node)) {
    return node;
  }
  const JsonNode *found = NULL;
  for (guint i = 0; node->children != NULL && found == NULL && i < node->children->len; i++) {
    found = find_article(g_ptr_array_index(node->children, i));
  }
  return found;
}

static void add_names(GPtrArray *names, const JsonNode *node, gboolean split) {
  if (node == NULL) {
    return;
  }
  if (node->kind == JSON_LIST) {
    for (guint i = 0; i < node->children->len; i++) {
      add_names(names, g_ptr_array_index(node->children, i), split);
    }
    return;
  }
  const char *text = node->kind == JSON_OBJECT ? json_node_text(json_node_member(node, "name"))
                                               : json_node_text(node);
  g_auto(GStrv) parts = g_strsplit(text != NULL ? text : "", split ? "," : "\n", -1);
  for (guint i = 0; parts[i] != NULL; i++) {
    add_name(names, parts[i]);
  }
}

// A text, the first of a list, or what an object says under `member`.
static const char *first_text(const JsonNode *node, const char *member) {
  if (node != NULL && node->kind == JSON_LIST) {
    return node->children->len > 0 ? first_text(g_ptr_array_index(node->children, 0), member)
                                   : NULL;
  }
  return node != NULL && node->kind == JSON_OBJECT ? json_node_text(json_node_member(node, member))
                                                   : json_node_text(node);
}

static void read_article(HtmlMetadata *metadata, const JsonNode *article) {
  set_once(&metadata->title, json_node_text(json_node_member(article, "headline")));
  set_once(&metadata->description, json_node_text(json_node_member(article, "description")));
  set_once(&metadata->section, first_text(json_node_member(article, "articleSection"), "name"));
  set_once(&metadata->language, first_text(json_node_member(article, "inLanguage"), "name"));
  set_once(&metadata->published, json_node_text(json_node_member(article, "datePublished")));
  set_once(&metadata->modified, json_node_text(json_node_member(article, "dateModified")));
  set_once(&metadata->image, first_text(json_node_member(article, "image"), "url"));
  set_once(&metadata->canonical, first_text(json_node_member(article, "mainEntityOfPage"), "@id"));
  set_once(&metadata->canonical, json_node_text(json_node_member(article, "url")));
  const char *body = json_node_text(json_node_member(article, "articleBody"));
  if (body != NULL && metadata->body[0] == '\0') {
    g_free(metadata->body);
    metadata->body = g_strdup(body);
  }
  add_names(metadata->authors, json_node_member(article, "author"), FALSE);
  add_names(metadata->topics, json_node_member(article, "keywords"), TRUE);
}

static void read_json(HtmlMetadata *metadata, const XmlNode *script) {
  const char *type = xml_node_attribute(script, "type");
  if (type == NULL || g_ascii_strncasecmp(type, "application/ld+json", 19) != 0) {
    return;
  }
  g_autofree char *text = xml_node_text(script);
  g_autoptr(JsonNode) node = json_tree_parse(slice_of(text));
  const JsonNode *article = node != NULL ? find_article(node) : NULL;
  if (article != NULL) {
    read_article(metadata, article);
  }
}

// ---- elements --------------------------------------------------------------------------------

typedef struct Meta {
  const char *name;
  gsize field; // offset in HtmlMetadata
} Meta;

static const Meta METAS[] = {
    {"og:title", offsetof(HtmlMetadata, title)},
    {"twitter:title", offsetof(HtmlMetadata, title)},
    {"og:description", offsetof(HtmlMetadata, description)},
    {"description", offsetof(HtmlMetadata, description)},
    {"og:url", offsetof(HtmlMetadata, canonical)},
    {"og:image", offsetof(HtmlMetadata, image)},
    {"twitter:image", offsetof(HtmlMetadata, image)},
    {"og:image:alt", offsetof(HtmlMetadata, image_alt)},
    {"article:section", offsetof(HtmlMetadata, section)},
    {"og:site_name", offsetof(HtmlMetadata, site_name)},
    {"article:published_time", offsetof(HtmlMetadata, published)},
    {"datePublished", offsetof(HtmlMetadata, published)},
    {"date", offsetof(HtmlMetadata, published)},
    {"dc.date", offsetof(HtmlMetadata, published)},
    {"article:modified_time", offsetof(HtmlMetadata, modified)},
    {"dateModified", offsetof(HtmlMetadata, modified)},
};

// What publishing systems write where nobody has said who.
static gboolean is_nobody(const char *name) {
  static const char *const NAMES[] = {"super user",     "admin",     "administrator", "webmaster",
                                      "administrateur", "wordpress", "editor",        "user"};
  for (gsize i = 0; i < G_N_ELEMENTS(NAMES); i++) {
    if (g_ascii_strcasecmp(name, NAMES[i]) == 0) {
      return TRUE;
    }
  }
  return FALSE;
}

static void read_meta(HtmlMetadata *metadata, const XmlNode *node) {
  const char *property = xml_node_attribute(node, "property");
  const char *name = xml_node_attribute(node, "name");
  const char *item = xml_node_attribute(node, "itemprop");
  const char *content = xml_node_attribute(node, "content");
  const char *key = property != NULL ? property : (name != NULL ? name : item);
  if (key == NULL || content == NULL) {
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(METAS); i++) {
    if (g_ascii_strcasecmp(key, METAS[i].name) == 0) {
      set_once((char **)(gpointer)((char *)metadata + METAS[i].field), content);
    }
  }
  if (strcmp(key, "article:tag") == 0) {
    g_auto(GStrv) tags = g_strsplit(content, ",", 50);
    for (guint i = 0; tags[i] != NULL; i++) {
      add_name(metadata->topics, tags[i]);
    }
  } else if (strcmp(key, "byl") == 0 || g_ascii_strcasecmp(key, "author") == 0 ||
             strcmp(key, "article:author") == 0 || strcmp(key, "parsely-author") == 0) {
    if (metadata->authors->len == 0 && !is_nobody(content)) {
      add_name(metadata->authors, content);
    }
  }
}

static void read_node(HtmlMetadata *metadata, const XmlNode *node) {
  const char *relation = xml_node_attribute(node, "rel");
  if (xml_node_is(node, "meta")) {
    read_meta(metadata, node);
  } else if (xml_node_is(node, "link") && relation != NULL &&
             g_ascii_strcasecmp(relation, "canonical") == 0) {
    const char *address = xml_node_attribute(node, "href");
    if (address != NULL && strstr(address, "://") != NULL) { // goes before what others say
      g_free(metadata->canonical);
      metadata->canonical = g_strstrip(g_strdup(address));
    }
  } else if (xml_node_is(node, "base")) {
    set_once(&metadata->base, xml_node_attribute(node, "href"));
  } else if (xml_node_is(node, "html")) {
    set_once(&metadata->language, xml_node_attribute(node, "lang"));
  } else if (xml_node_is(node, "time") && metadata->published[0] == '\0') {
    set_once(&metadata->published, xml_node_attribute(node, "datetime"));
  }
}

static void walk(HtmlMetadata *metadata, const XmlNode *root, gboolean scripts) {
  for (const XmlNode *node = root; node != NULL; node = xml_node_following(node, root)) {
    if (scripts && xml_node_is(node, "script")) {
      read_json(metadata, node);
    } else if (!scripts && node->name != NULL) {
      read_node(metadata, node);
    }
  }
}

static void settle_base(HtmlMetadata *metadata) {
  gboolean known = strstr(metadata->canonical, "://") != NULL;
  char *base = html_absolute_url(metadata->base, known ? metadata->canonical : NULL);
  if (base == NULL || strstr(base, "://") == NULL) {
    g_free(base);
    base = g_strdup(known ? metadata->canonical : "");
  }
  g_free(metadata->base);
  metadata->base = base;
}

HtmlMetadata *html_metadata_read(const XmlNode *root) {
  HtmlMetadata *metadata = g_new0(HtmlMetadata, 1);
  char **texts[] = {&metadata->title,    &metadata->description, &metadata->canonical,
                    &metadata->image,    &metadata->image_alt,   &metadata->section,
                    &metadata->language, &metadata->site_name,   &metadata->published,
                    &metadata->modified};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
    *texts[i] = g_strdup("");
  }
  metadata->body = g_strdup("");
  metadata->base = g_strdup("");
  metadata->authors = g_ptr_array_new_with_free_func(g_free);
  metadata->topics = g_ptr_array_new_with_free_func(g_free);
  walk(metadata, root, TRUE);
  walk(metadata, root, FALSE);
  settle_base(metadata);
  return metadata;
}
