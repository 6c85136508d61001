// SPDX-License-Identifier: Apache-2.0
//
// German, Dutch and Nordic furniture. See furniture_patterns.h.
#include "exchange/furniture_patterns.h"

const FurniturePattern FURNITURE_GERMANIC[] = {
    // ---- German
    {FURNITURE_SIGN_UP,
     "(jetzt |hier )?(abonnieren|melden|bestellen|registrieren|tragen|sichern)( sie)?( "
     "sich)?\\b.{0,140}\\b\\w*(newsletter|e-?mail-verteiler|push-?\\w*|postfach)\\w*"},
    {FURNITURE_SIGN_UP, "(erhalten|bekommen|holen|lesen) "
                        "sie\\b.{0,180}\\b(postfach|posteingang|e-?mail|newsletter)\\b"},
    {FURNITURE_SIGN_UP,
     "(unser(en)? |den |kostenloser )?newsletter( (jetzt )?(abonnieren|bestellen))?\\W*$"},
    {FURNITURE_SIGN_UP,
     "[^.!?]{4,120}\\b(in|direkt in|per mail in) (ihr|ihrem|dein|deinem|euer|eurem) "
     "(e-?mail-?)?(postfach|posteingang)\\W*$"},
    {FURNITURE_SIGN_UP, "(jetzt |hier |gleich )?(kostenlos|kostenfrei|gratis|unverbindlich) "
                        "(anmelden|registrieren|abonnieren|bestellen|testen)\\W*$"},
    {FURNITURE_SIGN_UP, "melde dich\\b.{0,100}\\bnewsletter\\b"},
    {FURNITURE_CONSENT,
     "(mit|durch|indem)\\b.{0,160}\\b(stimmen sie|akzeptieren sie|erklären sie sich|willigen "
     "sie|bestätigen sie|stimme ich|erkläre ich|stimmst du|akzeptierst du)\\b"},
    {FURNITURE_CONSENT,
     "ich (stimme|willige|akzeptiere|bin damit "
     "einverstanden)\\b.{0,160}(datenschutz|newsletter|agb|nutzungsbedingungen)"},
    {FURNITURE_CONSENT, "(es gelten|hier finden sie|weitere informationen finden "
                        "sie)\\b.{0,100}\\b(datenschutz\\w*|agb|nutzungsbedingungen)\\b"},
    {FURNITURE_COOKIES,
     "(wir|diese (web)?site|diese "
     "(web)?seite)\\b.{0,30}\\b(verwenden|nutzen|verwendet|nutzt|setzt|setzen)\\b.{0,30}"
     "\\bcookies\\b( und .{0,60})?(\\W*$|.{0,20}\\b(um|damit|für|zur|zu)\\b.{0,160}$)"},
    {FURNITURE_ADVERTISEMENT, "(anzeige|werbung|weiterlesen nach der anzeige|artikel wird nach der "
                              "anzeige fortgesetzt)\\W*$"},
    {FURNITURE_SHARE, "((diesen )?(artikel|beitrag) )?(teilen|drucken|merken)\\W*$"},
    {FURNITURE_SHARE, "folgen sie uns\\b.{0,80}$"},
    {FURNITURE_LOG_IN, "(sie sind )?(bereits|schon) "
                       "(abonnent|abonnentin|abonniert|registriert|kunde|mitglied)\\b.{0,60}$"},
    {FURNITURE_LOG_IN,
     "(jetzt |hier )?(anmelden|einloggen|registrieren|abonnieren|weiterlesen)\\W*$"},
    {FURNITURE_RELATED,
     "(mehr (zum thema|dazu|lesen)|lesen sie (auch|hier mehr|dazu)|auch interessant|das könnte sie "
     "(auch )?interessieren|meistgelesen|siehe auch|zum thema)(\\W*$| ?[:>|»–—-].{1,200}$)"},
    {FURNITURE_COPYRIGHT, ".{0,80}\\balle rechte vorbehalten\\b.{0,80}$"},
    {FURNITURE_LIKELY,
     "((ihre )?e-?mail-?adresse( eingeben)?|absenden|(eine )?abmeldung ist jederzeit.{0,60}|sie "
     "können\\b.{0,80}jederzeit\\b.{0,60}(abbestellen|abmelden|widerrufen))\\W*$"},
    {FURNITURE_SIGN_UP,
     "(melden sie sich|melde dich) (jetzt |hier |gleich )?(kostenlos |kostenfrei |gratis "
     ")?(für|zu|bei|an)\\b.{0,120}\\b\\w*newsletter\\w*\\b.{0,120}$"},
    {FURNITURE_SIGN_UP,
     "(immer |täglich |jeden \\w+ )?(gut |bestens )?(informiert|auf dem "
     "laufenden)\\b.{0,60}\\b(newsletter|whatsapp|push|postfach|app)\\w*\\b.{0,40}$"},
    {FURNITURE_SIGN_UP, "(verpassen sie|verpasse) (keine|nichts)\\b.{0,80}$"},
    {FURNITURE_SIGN_UP, "(vielen )?dank für ihre (anmeldung|registrierung|bestellung)\\b.{0,60}$"},
    {FURNITURE_SIGN_UP,
     "(kostenlos|jetzt|hier|direkt|täglich) "
     ".{0,60}\\bnewsletter\\b.{0,20}(abonnieren|bestellen|anmelden|erhalten)\\W*$"},
    {FURNITURE_SIGN_UP,
     "ja, ich (möchte|will)\\b.{0,100}\\b(newsletter|e-?mail|angebote|informationen)\\b.{0,100}$"},
    {FURNITURE_CONSENT, "ich bin (damit )?einverstanden,? dass (mir )?(externe inhalte|meine "
                        "daten|personenbezogene)\\b.{0,120}$"},
    {FURNITURE_CONSENT, "damit können personenbezogene daten\\b.{0,80}$"},
    {FURNITURE_CONSENT,
     "mehr (dazu|informationen|infos)\\b.{0,30}\\bin unserer datenschutzerklärung\\W*$"},
    {FURNITURE_CONSENT, "(informationen|hinweise) "
                        "(zum|zu|über)\\b.{0,60}\\b(datenschutz|widerruf)\\w*\\b.{0,60}\\b(finden "
                        "sie|erhalten sie|in unserer|in der datenschutz\\w*)\\b.{0,60}$"},
    {FURNITURE_CONSENT,
     "(unsere |die )?(datenschutzerklärung|datenschutzhinweise|nutzungsbedingungen|agb)( (und|&) "
     "(die )?(agb|datenschutz\\w*|nutzungsbedingungen))?\\W*$"},
    {FURNITURE_COOKIES,
     "(empfohlener (redaktioneller|externer) inhalt|externer inhalt|externe inhalte( "
     "(anzeigen|laden|aktivieren))?|inhalte? (laden|anzeigen|aktivieren))\\W*$"},
    {FURNITURE_COOKIES, "an dieser stelle (finden sie|befindet sich|findest "
                        "du|steht)\\b.{0,20}\\bextern\\w*\\b.{0,160}$"},
    {FURNITURE_COOKIES, "sie können (ihn|es|sie|diesen)\\b.{0,30}\\bmit einem klick\\b.{0,80}$"},
    {FURNITURE_COOKIES,
     "(alle )?(cookies )?(akzeptieren|ablehnen|zustimmen)( und weiter(lesen)?)?\\W*$"},
    {FURNITURE_COOKIES,
     "um diesen inhalt\\b.{0,60}\\b(zustimmung|einwilligung|einverstanden|cookies)\\b.{0,80}$"},
    {FURNITURE_ADVERTISEMENT,
     "(anzeige|werbung|ad|sponsored)( ?[:|-] ?(weiterlesen|scrollen|nach unten)\\b.{0,40})?\\W*$"},
    {FURNITURE_ADVERTISEMENT,
     "(nach der (anzeige|werbung) (weiterlesen|geht es weiter)|unter der (anzeige|werbung) "
     "geht('s| es) weiter|der artikel geht (nach|unter) der (anzeige|werbung) weiter)\\W*$"},
    {FURNITURE_SHARE,
     "(zur merkliste hinzufügen|auf die merkliste|artikel "
     "(drucken|merken|teilen|versenden|verschenken|speichern|kommentieren)|link kopieren|per "
     "e-?mail (teilen|versenden|senden)|drucken|merken|vorlesen|verschenken|auf "
     "(facebook|x|twitter|whatsapp) teilen|artikelrechte erwerben|leserbrief schreiben|fehler "
     "melden|korrekturhinweis senden)\\W*$"},
    {FURNITURE_SHARE, "(folgen|abonnieren|besuchen) sie (uns|unseren)\\b.{0,80}$"},
    {FURNITURE_SHARE, "folg(e|t) uns\\b.{0,80}$"},
    {FURNITURE_LOG_IN, "dieser (artikel|text|beitrag|inhalt) (gehört zum angebot von "
                       ".{1,60}|ist\\b.{0,40}\\b(abonnent\\w*|abo|mitglieder|nutzer)\\b.{0,60})$"},
    {FURNITURE_PAGE, "sie können ihn auch ohne abonnement lesen\\b.{0,60}$"},
    {FURNITURE_LOG_IN,
     "jetzt (weiterlesen|lesen|testen|freischalten|abonnieren|anmelden|registrieren|mitglied "
     "werden|abo abschließen)( mit .{1,40}| für .{1,40})?\\W*$"},
    {FURNITURE_LOG_IN, "(noch )?(kein|keine) (abo|abonnent|konto|abonnement)\\b.{0,40}\\?$"},
    {FURNITURE_LOG_IN, "sie haben bereits ein (abo|konto|abonnement|digitalabo)\\b.{0,60}$"},
    {FURNITURE_LOG_IN, "(weiterlesen mit|lesen sie weiter mit|zugang zu allen) [^.!?]{1,60}$"},
    {FURNITURE_RELATED, "(lesen sie|lies|sehen sie|hören sie) (hier |auch |hierzu |dazu |jetzt "
                        "|mehr )*(auch|hier|mehr|dazu|weiter) ?[:>|»–—-] ?.{1,200}$"},
    {FURNITURE_RELATED,
     "(weitere (artikel|themen|nachrichten|meldungen|beiträge)|meistgelesene? "
     "?(artikel)?|beliebt|die meistgelesenen( artikel)?|aktuelle "
     "(themen|nachrichten)|empfehlungen?( der redaktion| für sie)?|unsere "
     "empfehlungen|schlagworte|themen|auch interessant|passend dazu|verwandte "
     "(themen|artikel)|nächster artikel|das könnte (dich|sie|euch) auch interessieren|video des "
     "tages|videos? zum thema|lesetipps?|neueste artikel|zur startseite)\\W*$"},
    {FURNITURE_RELATED,
     "(video|podcast|galerie|bildergalerie|fotostrecke|lesetipp) ?[:»>|] ?[^.]{1,160}$"},
    {FURNITURE_COPYRIGHT, "(quelle|quellen|mit material (von|der)) ?:? "
                          "?(dpa|afp|reuters|apa|sda|sid|epd|kna|ap|mit material)\\b.{0,60}$"},
    {FURNITURE_COPYRIGHT, "© .{2,60}$"},
    {FURNITURE_PAGE, "(artikel|beitrag) (anhören|vorlesen( lassen)?)\\b.{0,30}$"},
    {FURNITURE_PAGE, "(lesezeit|lesedauer|hördauer|spieldauer):? .{0,30}$"},
    {FURNITURE_PAGE, "(\\d+ )?(kommentare?|leserkommentare?)( "
                     "(anzeigen|schreiben|lesen|verfassen))?( \\(?\\d+\\)?)?\\W*$"},
    {FURNITURE_PAGE,
     "(diskutieren sie mit|schreiben sie uns|haben sie (einen )?(fehler|hinweis)\\w*)\\b.{0,80}$"},
    {FURNITURE_PAGE,
     "(zum inhalt springen|zur navigation|nach oben|menü|zur startseite|bild vergrößern|bild \\d+ "
     "von \\d+|vergrößern|schließen|bitte aktivieren sie javascript.{0,60})\\W*$"},
    {FURNITURE_PAGE, "(stand|aktualisiert|zuletzt aktualisiert|veröffentlicht):? (am "
                     ")?\\d{1,2}\\.[ \\d\\w.,:]{4,40}$"},
    {FURNITURE_PICTURE, "(foto|bild|grafik|illustration|video)(rechte|quelle|nachweis|credit|s)? "
                        "?[:|] ?([^.!?]|\\b\\w\\.){1,80}$"},
    {FURNITURE_LABEL,
     "(newsletter|feedback|menü|suche|anmelden|abonnieren|absenden|registrieren|merken|teilen|"
     "drucken|schließen|weiter|zurück|mehr|startseite|politik|wirtschaft|kultur|sport|panorama|"
     "themen|der tag|kommentar|meinung|podcast|e-?paper|plus|abo|e-?mail)\\W*$"},
    {FURNITURE_LIKELY,
     "jeden (werktag|morgen|abend|freitag|samstag|sonntag|montag)\\b[^.!?]{0,60}$"},
    // ---- German, as the large houses put it
    {FURNITURE_SIGN_UP,
     "(jetzt |hier |und )*(unser(en|em|e)?|den|die) .{0,40}(kanal|newsletter|app|podcast)\\w* "
     "(abonnieren|folgen|herunterladen|laden|installieren)\\W*$"},
    {FURNITURE_SIGN_UP,
     "(bleiben sie|bleib) (immer )?(auf dem laufenden|informiert|am ball)\\b.{0,160}$"},
    {FURNITURE_SIGN_UP, "(die wichtigsten|alle wichtigen|aktuelle|alle) "
                        "(nachrichten|meldungen|themen|news)\\b.{0,100}\\b(newsletter|whatsapp|"
                        "push|app|newsticker|ticker|liveblog|newsblog|postfach|telegram)\\w*\\W*$"},
    {FURNITURE_SIGN_UP, "(newsletter|newsletter-anmeldung|unsere newsletter|zur "
                        "newsletter-anmeldung|alle newsletter)\\W*$"},
    {FURNITURE_CONSENT,
     "mit (ihrer|der|deiner|meiner) "
     "(anmeldung|registrierung|bestellung|nutzung|zustimmung)\\b.{0,80}\\b(akzeptier\\w+|stimm\\w+|"
     "erklär\\w+|willig\\w+|bestätig\\w+)( sie| ich| du)\\b.{0,240}$"},
    {FURNITURE_CONSENT,
     "(ihre|deine) (einwilligung|zustimmung|daten) (können sie|kannst du|werden)\\b.{0,160}$"},
    {FURNITURE_COOKIES, "(einwilligen|zustimmen|akzeptieren) (&|und) weiterlesen\\W*$"},
    {FURNITURE_ADVERTISEMENT, "für links auf dieser seite\\b.{0,120}$"},
    {FURNITURE_ADVERTISEMENT, "(hinweis: )?(wir erhalten|dieser artikel "
                              "enthält)\\b.{0,60}\\b(provision|affiliate-?links?)\\b.{0,80}$"},
    {FURNITURE_RELATED,
     "(lesen sie mehr zum thema|zur .{1,20}-startseite|lesen sie hierzu|dazu "
     "passend|top-themen|top-artikel|themen des tages|neu auf .{1,30}|die redaktion empfiehlt|aus "
     "unserem archiv|video-empfehlung|meistgeklickt|newsticker|zur übersicht|zurück zur "
     "übersicht|nächste seite|zum artikel)\\W*$"},
    {FURNITURE_RELATED,
     "(auch interessant|lesetipp|passend dazu|mehr dazu|zum thema|lesen sie auch|lesen sie "
     "dazu|das könnte sie interessieren|hintergründe|alles zum thema) ?[:|»>–-] ?.{1,200}$"},
    {FURNITURE_COPYRIGHT, "© ?dpa\\b.{0,60}$"},
    {FURNITURE_COPYRIGHT, "dpa-infocom\\b.{0,60}$"},
    {FURNITURE_PAGE, "(detailansicht öffnen|war dieser artikel hilfreich|wir freuen uns über ihr "
                     "feedback|zur (bilder)?galerie|bildunterschrift anzeigen|bild in voller "
                     "größe|ganzen artikel lesen|mehr anzeigen|weniger anzeigen|jetzt "
                     "kommentieren|jetzt teilen|lädt|zur kommentarfunktion|startseite)\\W*$"},
    {FURNITURE_RELATED, "(mehr (von|aus|nachrichten|artikel|themen)|weitere "
                        "(artikel|themen|nachrichten|meldungen|beiträge)) ([^.!?]{1,50})$"},
    {FURNITURE_COOKIES, "(wir "
                        "benötigen|um)\\b.{0,40}\\b(zustimmung|einwilligung)\\b.{0,60}\\b("
                        "extern\\w+|eingebunden\\w+|inhalt\\w*|cookies)\\b.{0,80}$"},
    {FURNITURE_CONSENT, "ich stimme zu,? dass\\b.{0,120}$"},
    {FURNITURE_SIGN_UP, "(kein|keine|keinen) .{1,30} (mehr )?verpassen\\b.{0,120}$"},
    {FURNITURE_PAGE, "die kommentarfunktion\\b.{0,60}$"},
    {FURNITURE_LOG_IN,
     "(exklusiv|nur) für (abonnenten|mitglieder|plus-\\w+|registrierte nutzer)\\W*$"},
    {FURNITURE_LOG_IN, "(testen|lesen|sichern) sie (jetzt|nun)?\\b.{0,60}\\b(für|ab|nur) "
                       "?\\d+([,.]\\d+)? ?(euro|€)\\W*$"},
    {FURNITURE_CONSENT,
     "ich habe (die|ihre|eure) (datenschutz\\w*|nutzungsbedingungen|agb)\\b.{0,160}$"},
    {FURNITURE_CONSENT,
     "(meine|deine|diese) "
     "(einwilligung|zustimmung)\\b.{0,60}\\b(jederzeit|widerrufen|widerruf)\\b.{0,80}$"},
    {FURNITURE_CONSENT,
     "(die|eine|der) "
     "(einwilligung|abmeldung|abbestellung|widerruf)\\b.{0,60}\\bjederzeit\\b.{0,60}$"},
    // ---- Dutch
    {FURNITURE_SIGN_UP, "(elke|iedere) "
                        "(ochtend|avond|dag|week|werkdag|vrijdag|zaterdag|zondag)\\b.{0,120}\\b("
                        "inbox|mailbox|nieuwsbrief|e-?mail)\\W*$"},
    {FURNITURE_ADVERTISEMENT,
     "(de )?(tekst|artikel|het artikel) gaat (verder|door) (na|onder) (de|het|deze) \\w+\\W*$"},
    {FURNITURE_LOG_IN,
     "(al abonnee|al een account|log in|inloggen|word abonnee|maak een account( aan)?|je hebt al "
     "een abonnement|dit artikel is (alleen|exclusief) voor abonnees)\\W*$"},
    {FURNITURE_SIGN_UP, "(meld je|schrijf je|abonneer je|meld u|schrijf "
                        "u)\\b.{0,120}\\b(nieuwsbrief|nieuwsbrieven|newsletter)\\b.{0,80}$"},
    {FURNITURE_SIGN_UP, "(ontvang|krijg)\\b.{0,120}\\b(inbox|mailbox|nieuwsbrief|e-?mail)\\W*$"},
    {FURNITURE_CONSENT,
     "(door|met) (je|u|uw|het|op|verder|aanmelden)\\b.{0,120}\\b(ga je|gaat u|ga ik|stem je|stemt "
     "u)\\b.{0,120}\\b(voorwaarden|privacy\\w*)\\b.{0,60}$"},
    {FURNITURE_ADVERTISEMENT,
     "(advertentie|lees verder (na|onder) de (advertentie|video|foto)|artikel gaat verder "
     "(na|onder) de (advertentie|video|foto)|het artikel gaat hieronder verder|deel dit "
     "artikel|lees voor|bekijk alle reacties|volg ons op .{1,60}|reacties|reageer|deel|kopieer "
     "link)\\W*$"},
    {FURNITURE_RELATED,
     "(lees (ook|meer|verder)|bekijk ook|zie ook|meer (over|lezen))(\\W*$| ?[:>|»–—-].{1,200}$)"},
    // ---- Danish, Norwegian, Swedish
    {FURNITURE_SIGN_UP, "(tilmeld dig|meld deg på|anmäl "
                        "dig|prenumerera)\\b.{0,100}\\b(nyhedsbrev\\w*|nyhetsbrev\\w*)\\b.{0,60}$"},
    {FURNITURE_SIGN_UP,
     "(få|motta|modtag|ta emot) "
     ".{0,120}\\b(inkorg|innboks|indbakke|mejl|mail|e-?post|nyhetsbrev|nyhedsbrev)\\b.{0,40}$"},
    {FURNITURE_SIGN_UP, "(anmäl dig|registrera dig|prenumerera|tilmeld dig|meld deg på|abonner)( "
                        "(till|på|her|här|nu|nå|gratis).{0,80})?\\W*$"},
    {FURNITURE_CONSENT, "(genom|ved|når|när) "
                        "(att|å|at|du)\\b.{0,100}\\b(godkänner|accepterar|samtycker|godtar|"
                        "aksepterer|samtykker|accepterer|godkender)\\b.{0,160}$"},
    {FURNITURE_LOG_IN, "(logga in|logg inn|log ind|har du redan ett konto|allerede abonnent|redan "
                       "prenumerant|bli prenumerant|bli abonnent|bliv abonnent)\\b.{0,40}$"},
    {FURNITURE_COPYRIGHT, "(©|copyright).{0,60}$"},
    {FURNITURE_ADVERTISEMENT,
     "(annonse|annonce|annons|artikkelen fortsetter under annonsen|artiklen fortsætter efter "
     "annoncen|artikeln fortsätter efter annonsen|del artikkelen|del artiklen|dela "
     "artikeln?|dela)\\W*$"},
    {FURNITURE_RELATED,
     "(les også|læs også|läs också|läs även|läs mer|les mer|læs mere)(\\W*$| ?[:>|»–—-].{1,200}$)"},
    {0, NULL}};
