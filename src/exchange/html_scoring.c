// SPDX-License-Identifier: Apache-2.0
//
// Implements html_scoring.h.
#include "exchange/html_scoring.h"

#include <string.h>

// ---- dropping --------------------------------------------------------------------------------

// Words of class and id, as they stand between spaces, '-', '_' and case changes.
gboolean html_has_word(const XmlNode *node, const char *const *words) {
  const char *values[] = {xml_node_attribute(node, "class"), xml_node_attribute(node, "id"),
                          xml_node_attribute(node, "data-component")};
  for (gsize v = 0; v < G_N_ELEMENTS(values); v++) {
    if (values[v] == NULL || strlen(values[v]) > 2000) {
      continue;
    }
    g_autofree char *lower = g_ascii_strdown(values[v], -1);
    for (const char *const *word = words; *word != NULL; word++) {
      gsize length = strlen(*word);
      for (const char *at = strstr(lower, *word); at != NULL; at = strstr(at + 1, *word)) {
        gboolean begins = at == lower || !g_ascii_isalnum(at[-1]);
        gboolean ends = !g_ascii_isalnum(at[length]) || at[length] == 's';
        if (begins && ends) {
          return TRUE;
        }
      }
    }
  }
  return FALSE;
}

static gboolean is_hidden(const XmlNode *node) {
  const char *style = xml_node_attribute(node, "style");
  const char *aria = xml_node_attribute(node, "aria-hidden");
  return xml_node_attribute(node, "hidden") != NULL ||
         (aria != NULL && strcmp(aria, "true") == 0 && !xml_node_is(node, "img")) ||
         (style != NULL &&
          (strstr(style, "display:none") != NULL || strstr(style, "display: none") != NULL));
}

static const char *const FURNITURE_ELEMENTS[] = {
    "script", "style",       "noscript",         "nav", "aside",    "footer", "form",   "button",
    "input",  "select",      "textarea",         "svg", "template", "dialog", "object", "embed",
    "amp-ad", "amp-sidebar", "amp-social-share", NULL};
static const char *const FURNITURE_ROLES[] = {
    "navigation", "complementary", "banner", "contentinfo", "search", "dialog", "form", NULL};
// Words of classes and ids (html_has_word).
static const char *const FURNITURE_WORDS[] = {"share",
                                              "sharing",
                                              "social",
                                              "sharedaddy",
                                              "related",
                                              "relatedposts",
                                              "jp-relatedposts",
                                              "recommended",
                                              "recommendation",
                                              "newsletter",
                                              "signup",
                                              "sign-up",
                                              "subscribe",
                                              "subscription",
                                              "promo",
                                              "advert",
                                              "advertisement",
                                              "ad-slot",
                                              "adslot",
                                              "ad-container",
                                              "sponsored",
                                              "comment",
                                              "disqus",
                                              "breadcrumb",
                                              "cookie",
                                              "consent",
                                              "sidebar",
                                              "outbrain",
                                              "taboola",
                                              "popup",
                                              "modal",
                                              "author-bio",
                                              "post-tag",
                                              "tag-list",
                                              "skip-link",
                                              "screen-reader-text",
                                              "visually-hidden",
                                              "sr-only",
                                              "pagination",
                                              "most-read",
                                              "most-popular",
                                              "trending",
                                              "read-more",
                                              "read-next",
                                              "toolbar",
                                              "kg-signup-card",
                                              "kg-cta-card",
                                              "paywall",
                                              "print-only",
                                              "menu",
                                              "mpu",
                                              "ad",
                                              "leaderboard",
                                              "advertising",
                                              "dfp",
                                              "tags",
                                              "tag-links",
                                              "teaser-list",
                                              "onward",
                                              "recirculation",
                                              "audio-player",
                                              "speechify-ignore",
                                              "kg-callout-emoji",
                                              "article-tools",
                                              "wp-block-buttons",
                                              "submeta",
                                              NULL};
static const char *const NEVER_FURNITURE[] = {"html", "body", "main", "article", "p", "h1", NULL};

static gboolean is_furniture_element(const XmlNode *node) {
  for (gsize i = 0; FURNITURE_ELEMENTS[i] != NULL; i++) {
    if (xml_node_is(node, FURNITURE_ELEMENTS[i])) {
      return TRUE;
    }
  }
  for (gsize i = 0; NEVER_FURNITURE[i] != NULL; i++) {
    if (xml_node_is(node, NEVER_FURNITURE[i])) {
      return is_hidden(node) && (NEVER_FURNITURE[i][0] == 'p' || NEVER_FURNITURE[i][0] == 'h');
    }
  }
  const char *role = xml_node_attribute(node, "role");
  for (gsize i = 0; role != NULL && FURNITURE_ROLES[i] != NULL; i++) {
    if (strcmp(role, FURNITURE_ROLES[i]) == 0) {
      return TRUE;
    }
  }
  return is_hidden(node) || html_has_word(node, FURNITURE_WORDS);
}

static gsize count_paragraph_text(const XmlNode *root) {
  gsize count = 0;
  for (const XmlNode *node = root; node != NULL;) {
    if (xml_node_is(node, "p") && !node->dropped) {
      g_autofree char *text = xml_node_text(node);
      count += strlen(text);
      node = xml_node_skip(node, root);
    } else {
      node = xml_node_following(node, root);
    }
  }
  return count;
}

// A wrapper whose class merely says "has-sidebar" holds most of the page's text and stays.
void html_drop_furniture(XmlNode *root) {
  gsize all = count_paragraph_text(root);
  for (XmlNode *node = root->first_child; node != NULL;) {
    if (node->name != NULL && is_furniture_element(node) &&
        (xml_node_is(node, "script") || xml_node_is(node, "style") ||
         count_paragraph_text(node) * 2 <= all)) {
      node->dropped = TRUE;
      node = xml_node_skip(node, root);
    } else {
      node = xml_node_following(node, root);
    }
  }
}

// ---- scoring ---------------------------------------------------------------------------------

static gsize count_link_text(const XmlNode *root, gsize *ret_all) {
  gsize links = 0;
  *ret_all = 0;
  for (const XmlNode *node = root; node != NULL;) {
    if (node->dropped && node != root) {
      node = xml_node_skip(node, root);
      continue;
    }
    if (xml_node_is(node, "a")) {
      g_autofree char *text = xml_node_text(node);
      links += strlen(text);
      *ret_all += strlen(text);
      node = xml_node_skip(node, root);
      continue;
    }
    *ret_all += node->text != NULL ? strlen(node->text) : 0;
    node = xml_node_following(node, root);
  }
  return links;
}

static void give_points(const XmlNode *paragraph) {
  gsize all = 0;
  gsize links = count_link_text(paragraph, &all);
  g_autofree char *text = xml_node_text(paragraph);
  if (all < 25) {
    return;
  }
  gdouble points = 1.0 + MIN((gdouble)all / 100.0, 3.0);
  for (const char *at = text; *at != '\0' && points < 12; at++) {
    points += *at == ',' ? 1 : 0;
  }
  points *= 1.0 - (gdouble)links / (gdouble)all;
  gdouble share = 1.0;
  guint level = 0;
  for (XmlNode *node = paragraph->parent; node != NULL && level < 3; node = node->parent, level++) {
    node->score += points * share;
    share /= 2.0;
  }
}

static gdouble bonus_of(const XmlNode *node) {
  static const char *const GOOD[] = {"article-body",
                                     "articlebody",
                                     "article__body",
                                     "entry-content",
                                     "post-content",
                                     "post__content",
                                     "story-body",
                                     "story__body",
                                     "gh-content",
                                     "content__article-body",
                                     "article-content",
                                     "article__content",
                                     "rich-text",
                                     "body-copy",
                                     NULL};
  const char *item = xml_node_attribute(node, "itemprop");
  if (item != NULL && strcmp(item, "articleBody") == 0) {
    return 60;
  }
  return html_has_word(node, GOOD)
             ? 30
             : (xml_node_is(node, "article") ? 15 : (xml_node_is(node, "main") ? 5 : 0));
}

static gdouble final_score(const XmlNode *node) {
  gsize all = 0;
  gsize links = count_link_text(node, &all);
  gdouble density = all > 0 ? (gdouble)links / (gdouble)all : 0;
  return (node->score + bonus_of(node)) * (1.0 - density);
}

// Old pages have no paragraphs: text stands in cells and blocks, parted by <br>.
static void give_points_to_bare_text(const XmlNode *root) {
  for (const XmlNode *node = root; node != NULL;
       node = node->dropped ? xml_node_skip(node, root) : xml_node_following(node, root)) {
    gsize length = node->text != NULL ? strlen(node->text) : 0;
    if (node->dropped || length < 40 || node->parent == NULL || xml_node_is(node->parent, "a") ||
        xml_node_is(node->parent, "title")) {
      continue;
    }
    XmlNode *holder = node->parent;
    while (holder->parent != NULL && holder->name != NULL && !xml_node_is(holder, "div") &&
           !xml_node_is(holder, "td") && !xml_node_is(holder, "section") &&
           !xml_node_is(holder, "article") && !xml_node_is(holder, "body")) {
      holder = holder->parent;
    }
    holder->score += 1.0 + MIN((gdouble)length / 100.0, 3.0);
  }
}

static XmlNode *find_best(XmlNode *root) {
  XmlNode *best = NULL;
  gdouble best_score = 0;
  for (XmlNode *node = root; node != NULL;
       node = node->dropped ? xml_node_skip(node, root) : xml_node_following(node, root)) {
    gdouble score = node->score > 0 && !node->dropped ? final_score(node) : 0;
    if (score > best_score) {
      best = node;
      best_score = score;
    }
  }
  return best;
}

// The best, and if its parent holds others nearly as good (text split over several blocks), the
// parent.
XmlNode *html_find_article(XmlNode *root) {
  for (XmlNode *node = root; node != NULL;
       node = node->dropped ? xml_node_skip(node, root) : xml_node_following(node, root)) {
    gboolean paragraph =
        xml_node_is(node, "p") || xml_node_is(node, "pre") || xml_node_is(node, "blockquote");
    if (paragraph && !node->dropped) {
      give_points(node);
    }
  }
  XmlNode *best = find_best(root);
  if (best == NULL) {
    give_points_to_bare_text(root);
    best = find_best(root);
  }
  for (XmlNode *parent = best != NULL ? best->parent : NULL;
       parent != NULL && !xml_node_is(parent, "body") && !xml_node_is(parent, "html");
       parent = parent->parent) {
    guint good = 0;
    for (const XmlNode *child = parent->first_child; child != NULL; child = child->next) {
      good += child != best && !child->dropped && child->score > best->score * 0.25 &&
              !xml_node_is(child, "article");
    }
    if (good == 0) {
      break;
    }
    best = parent;
  }
  return best;
}
