// SPDX-License-Identifier: Apache-2.0
//
// schema.org JSON-LD: NewsArticle with every field that Google recommends and `correction`
// (https://schema.org/NewsArticle, https://schema.org/correction). Safe inside <script>. Pure; any
// thread.
#pragma once

#include "model/site.h"

char *structured_data_story(const Site *site, const Story *story,
                            const char *logo_path); // caller frees
char *structured_data_site(const Site *site, const char *logo_path);
