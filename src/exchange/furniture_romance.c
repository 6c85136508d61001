// SPDX-License-Identifier: Apache-2.0
//
// French, Spanish, Italian and Portuguese furniture. See furniture_patterns.h.
#include "exchange/furniture_patterns.h"

const FurniturePattern FURNITURE_ROMANCE[] = {
    // ---- French
    {FURNITURE_SIGN_UP, "(inscrivez|abonnez)[- "
                        "]vous\\b.{0,140}\\b(newsletters?|lettres?|infolettres?|e-?mails?|"
                        "courriels?|alertes|gratuitement)\\b"},
    {FURNITURE_SIGN_UP,
     "recevez\\b.{0,200}\\b(boîte|mail|e-?mail|courriel|newsletter|infolettre)\\b"},
    {FURNITURE_CONSENT, "en (continuant|vous inscrivant|cliquant|poursuivant|vous "
                        "abonnant|renseignant|validant|soumettant)\\b.{0,180}\\b(vous "
                        ")?(acceptez|consentez|reconnaissez|confirmez|j'accepte)\\b"},
    {FURNITURE_COOKIES,
     "(nous utilisons|ce site utilise|nous et nos partenaires)\\b.{0,60}\\bcookies\\b"},
    {FURNITURE_ADVERTISEMENT, "(publicité|la suite après (cette|la) publicité)\\W*$"},
    {FURNITURE_SHARE, "(partager|partagez)( (cet |l')?article| sur\\b.{0,40}| cette page)?\\W*$"},
    {FURNITURE_SHARE, "suivez[- ]nous\\b.{0,80}$"},
    {FURNITURE_LOG_IN, "((vous êtes )?déjà abonnée?|se connecter|connectez-vous|(cet )?article "
                       "(est )?réservé (aux|à nos) abonnés)\\b.{0,40}$"},
    {FURNITURE_RELATED, "(à )?(lire (aussi|également|la suite)|voir aussi|sur le même "
                        "(sujet|thème))(\\W*$| ?[:>|»–—-].{1,200}$)"},
    {FURNITURE_COPYRIGHT, ".{0,80}\\btous droits réservés\\b.{0,80}$"},
    {FURNITURE_LIKELY,
     "((votre )?(adresse )?(e-?mail|courriel)|je m'inscris|s'inscrire|(vous pouvez )?vous "
     "(désinscrire|désabonner)\\b.{0,60}|désinscription à tout moment)\\W*$"},
    {FURNITURE_SIGN_UP, "(chaque|tous les) "
                        "(matins?|soirs?|jours?|semaines?|samedis?|dimanches?|lundis?|vendredis?)"
                        "\\b.{0,140}\\b(boîte (mail|e-?mail)|newsletter|infolettre)\\W*$"},
    {FURNITURE_SIGN_UP, "(la |nos |notre |les )?(newsletters?|infolettres?)(\\W*| [^.!?,]{1,30})$"},
    {FURNITURE_SIGN_UP, "(merci pour votre inscription|votre inscription (est|a bien été) "
                        ".{1,40}|ne manquez (rien|aucun)\\b.{0,80})\\W*$"},
    {FURNITURE_CONSENT, "(en savoir plus|consultez|voir|lire) (sur )?(notre|nos|la) "
                        "(politique|conditions|charte|gestion)\\b.{0,80}$"},
    {FURNITURE_CONSENT, "(ce|cet) (site|article) (est )?protégé par recaptcha\\b.{0,100}$"},
    {FURNITURE_COOKIES,
     "((tout |tous )?(accepter|refuser)( et (continuer|fermer|s'abonner))?|continuer sans "
     "accepter|gérer (mes|les) (choix|cookies|préférences)|paramétrer( les cookies)?)\\W*$"},
    {FURNITURE_COOKIES, "(ce contenu|cette vidéo|ce média) (est|a été|ne "
                        "peut)\\b.{0,60}\\b(bloqué|cookies|affiché|traceurs)\\b.{0,120}$"},
    {FURNITURE_ADVERTISEMENT,
     "(publicité|annonce|contenu sponsorisé|la suite après (la|cette) (publicité|vidéo)|l'article "
     "continue (ci-dessous|après).{0,40}|passer la publicité)\\W*$"},
    {FURNITURE_SHARE,
     "(ajouter à (vos sélections|mes favoris|ma liste)|envoyer (par|à un) .{1,20}|offrir( "
     "l'article| cet article)?|partager (sur|par|via) .{1,30}|copier le lien|imprimer( "
     "l'article)?|enregistrer|sauvegarder|réutiliser ce contenu|contribuer|écouter( l'article| cet "
     "article)?|commenter|réagir|signaler une erreur|lire plus tard|tweeter)\\W*$"},
    {FURNITURE_LOG_IN,
     "(il vous reste\\b.{0,30}\\b(de cet article|à lire)|la suite est réservée|cet article est "
     "réservé|abonnez-vous pour|pour lire la suite|déjà abonné|débloquez)\\b.{0,120}$"},
    {FURNITURE_LOG_IN, "(s'abonner|se connecter|créer un compte|je "
                       "m'abonne|abonnez-vous|s'identifier|s'inscrire)\\W*$"},
    {FURNITURE_RELATED,
     "(à )?lire (aussi|également) (article réservé à nos abonnés|abonnés|:|\\|).{1,200}$"},
    {FURNITURE_RELATED, "((sur le même sujet|dans la même rubrique|les plus "
                        "(lus|populaires|commentés)|à (lire|voir|découvrir)( "
                        "(aussi|également|ensuite))?|nos (derniers articles|vidéos|dossiers)|voir "
                        "plus|le sujet vous intéresse|vos réactions|dans l'actualité|thématiques "
                        "associées|mots[- ]clés|articles? (liés?|similaires?|recommandés?)))\\W*$"},
    {FURNITURE_RELATED, "(vidéo|podcast|diaporama|en images|retrouvez|écouter|voir aussi|à voir|à "
                        "écouter) ?[:»>|] ?[^.]{1,160}$"},
    {FURNITURE_COPYRIGHT, "(avec (l')?afp|\\(avec (l')?afp\\)|source ?: ?afp)\\W*$"},
    {FURNITURE_PAGE, "((temps de )?lecture|durée)( de lecture)? ?:? ?\\d+ ?min.{0,10}$"},
    {FURNITURE_PAGE, "(\\d+ )?(commentaires?|réactions?)( \\(?\\d+\\)?)?\\W*$"},
    {FURNITURE_PAGE, "(aller au contenu( principal)?|retour en haut|menu|haut de page|agrandir "
                     "l'image|fermer|mis à jour (le|à) .{4,40})\\W*$"},
    {FURNITURE_PICTURE,
     "((crédits?( photo)?|photo|image|illustration|©) ?[:/] ?([^.!?]|\\b\\w\\.){1,80}$|photo (de "
     ")?[^.!?]{1,30}/ ?(afp|ap|reuters|sipa|epa))\\W*$"},
    {FURNITURE_LABEL,
     "(partager|commenter|écouter|imprimer|contribuer|favoris|abonnés?|newsletter|politique|"
     "économie|société|culture|sport|monde|accueil|rechercher|suivre|offrir|valider|envoyer)\\W*$"},
    // ---- French, as the large houses put it
    {FURNITURE_SIGN_UP, "(recevez|découvrez|retrouvez)\\b.{0,160}\\b(newsletters?|boîte "
                        "mail|infolettre|application|chaîne whatsapp)\\b.{0,60}$"},
    {FURNITURE_CONSENT,
     "(votre|l') ?(adresse )?(e-?mail|adresse "
     "électronique)\\b.{0,60}\\b(collectée|utilisée|traitée|sera|est)\\b.{0,160}$"},
    {FURNITURE_CONSENT, "(j'accepte|je consens|je souhaite recevoir)\\b.{0,160}$"},
    {FURNITURE_CONSENT, "(vous pouvez|pour) (vous )?(désinscrire|exercer vos droits|retirer votre "
                        "consentement)\\b.{0,120}$"},
    {FURNITURE_LOG_IN,
     "(lecture du .{1,20} en cours sur un autre appareil|vous pouvez lire .{1,30} sur un seul "
     "appareil|s'abonner pour lire( la suite)?|découvrir (les|nos) offres|je (me connecte|crée mon "
     "compte|profite de l'offre)|offre .{0,30}\\d+ ?€.{0,40}|à partir de \\d+.{0,6}€.{0,40})\\W*$"},
    {FURNITURE_RELATED,
     "(notre sélection|à la une|en direct|nos suggestions|ailleurs sur le web|contenus "
     "sponsorisés|en continu|dernières (actualités|nouvelles|infos)|tout voir|plus "
     "d'(articles|actualités|infos)( .{1,30})?|sur le sujet|dossier ?: ?.{1,100}|cet article vous "
     "a-t-il été utile|vous avez (aimé|trouvé une erreur)\\b.{0,60})\\W*$"},
    {FURNITURE_LOG_IN, "(article )?réservé (aux|à nos) abonnés\\W*$"},
    {FURNITURE_SHARE, "commenter (cet|l') ?article\\W*$"},
    {FURNITURE_CONSENT, "(vos données (personnelles )?(font|sont|seront))\\b.{0,160}$"},
    {FURNITURE_CONSENT, "(pour exercer vos droits|en savoir plus)\\b.{0,40}$"},
    // ---- Spanish
    {FURNITURE_SIGN_UP,
     "(suscríbete|suscríbase|suscribite|regístrate|regístrese|apúntate|apúntese|inscríbete|"
     "inscríbase)\\b.{0,140}\\b(boletín|boletines|newsletters?|correo|alertas|gratis)\\b"},
    {FURNITURE_SIGN_UP,
     "(recibe|reciba|recibí)\\b.{0,200}\\b((tu|su) (correo|bandeja|e-?mail|buzón)|nuestr[oa]s? "
     "(boletín|boletines|newsletters?))\\b"},
    {FURNITURE_CONSENT, "al (continuar|suscribirte|suscribirse|registrarte|registrarse|hacer "
                        "clic|enviar|pulsar|inscribirte|inscribirse)\\b.{0,180}\\b(aceptas?|"
                        "consientes?|consiente|confirmas?|estás de acuerdo|está de acuerdo)\\b"},
    {FURNITURE_COOKIES,
     "(usamos|utilizamos|este sitio (web "
     ")?(usa|utiliza))\\b.{0,40}\\bcookies\\b.{0,30}\\b(para|propias|terceros)\\b"},
    {FURNITURE_ADVERTISEMENT, "publicidad\\W*$"},
    {FURNITURE_SHARE, "(compartir|comparte|comparta)( (este artículo|esta noticia|esta nota|esta "
                      "página|en " FURNITURE_NETWORKS ")\\b.{0,40})?\\W*$"},
    {FURNITURE_SHARE, "(síguenos|síganos|seguinos)\\b.{0,80}$"},
    {FURNITURE_LOG_IN,
     "(ya (eres|es) (suscriptora?|miembro|usuario)|(inicia|iniciar|inicie) sesión)\\b.{0,60}$"},
    {FURNITURE_RELATED, "((lea|lee|leer|ver|vea) también|te puede interesar|noticias "
                        "relacionadas|lee más|leer más)(\\W*$| ?[:>|»–—-].{1,200}$)"},
    {FURNITURE_COPYRIGHT, ".{0,80}\\btodos los derechos reservados\\b.{0,80}$"},
    {FURNITURE_LIKELY, "((tu |su )?correo electrónico|(puedes|puede) (cancelar|darte de baja|darse "
                       "de baja)\\b.{0,60})\\W*$"},
    {FURNITURE_SIGN_UP, "(apúntate|suscríbete|suscríbase)\\b.{0,160}\\b(boletín|boletines|"
                        "newsletters?|correo|bandeja|e-?mail|canal|alertas)\\b.{0,80}$"},
    {FURNITURE_SIGN_UP, "(boletín|boletines|newsletter)( (diario|semanal|gratuito))*\\W*$"},
    {FURNITURE_SIGN_UP, "sigue toda la información\\b.{0,160}$"},
    {FURNITURE_CONSENT, "(consulta|consulte|lee|lea|ver) (nuestr[oa]s?|l[ao]s?) "
                        "(política|términos|condiciones|aviso)\\b.{0,80}$"},
    {FURNITURE_CONSENT,
     "(he leído y )?acepto (la|los|las) (política|términos|condiciones)\\b.{0,100}$"},
    {FURNITURE_COOKIES, "((aceptar|rechazar)( todas?| todo)?( las cookies)?( y "
                        "continuar)?|configurar( cookies)?|gestionar (cookies|preferencias))\\W*$"},
    {FURNITURE_ADVERTISEMENT,
     "(publicidad|anuncio|contenido patrocinado|sigue leyendo (después|debajo) de(l)? "
     ".{1,20}|continúa (después|debajo) de (la|los) (publicidad|anuncios?))\\W*$"},
    {FURNITURE_SHARE,
     "(compartir (en|por|vía) .{1,30}|copiar enlace|copiar url|imprimir|guardar( para (después|más "
     "tarde))?|enviar por (correo|e-?mail|whatsapp)|escuchar( artículo| noticia)?|comentar|ver "
     "comentarios|ir a los comentarios|enlace copiado|reportar (un )?error)\\W*$"},
    {FURNITURE_SHARE, "sigue a .{1,30} en " FURNITURE_NETWORKS "\\W*$"},
    {FURNITURE_LOG_IN,
     "(regístrate|regístrese|suscríbete|suscríbase|inicia sesión|hazte socio|hazte suscriptor)( "
     "gratis| ahora| aquí)?( (para|y) (seguir|continuar|leer|sigue)\\b.{0,60})?\\W*$"},
    {FURNITURE_LOG_IN,
     "(si (ya )?(tienes|estás|eres)|ya (eres|tienes)|tienes|quieres|este (artículo|contenido) es "
     "(exclusivo|solo|sólo) "
     "para)\\b.{0,30}\\b(cuenta|suscriptor\\w*|suscripción|usuario|socio)\\b.{0,100}$"},
    {FURNITURE_LOG_IN, "(ya tienes cuenta|eres suscriptor|quieres añadir otro usuario)\\b.{0,80}$"},
    {FURNITURE_RELATED, "(más información|más noticias|lo más (visto|leído|popular)|últimas "
                        "noticias|archivado en|temas( relacionados)?|etiquetas|también te puede "
                        "interesar|te recomendamos|recomendados|relacionad[oa]s?|sobre la "
                        "firma|noticias relacionadas|artículos relacionados|contenido "
                        "relacionado|en portada|mira también|le puede interesar|lea además)\\W*$"},
    {FURNITURE_RELATED,
     "(lee|lea|leer|ver|vea|mira|mire|además|también lee|te puede interesar|más "
     "información|vídeo|video|galería|podcast|relacionado|lea además|mira también|le puede "
     "interesar) ?(también|más|además|aquí)? ?[:|»>] ?[^.]{1,160}$"},
    {FURNITURE_PAGE,
     "((tiempo de lectura|lectura):? ?\\d+ ?min.{0,12}|\\d+ ?min(utos)? de lectura|(\\d+ "
     ")?comentarios?( \\(?\\d+\\)?)?|ir al contenido|volver arriba|ampliar imagen|actualizado "
     "(el|a las|hace) .{2,40}|cerrar|cargando)\\W*$"},
    {FURNITURE_PICTURE,
     "(foto|fotografía|imagen|crédito)s? ?(de)? ?[:|/] ?([^.!?]|\\b\\w\\.){1,80}$"},
    {FURNITURE_LABEL,
     "(compartir|comentar|escuchar|guardar|imprimir|enviar|suscríbete|newsletter|boletín|inicio|"
     "menú|buscar|política|economía|sociedad|cultura|deportes|internacional|opinión|seguir)\\W*$"},
    // ---- Spanish, as the large houses put it
    {FURNITURE_SIGN_UP, "(recibe|reciba) (gratis |cada .{1,12} )?(en tu|en su|nuestr|las "
                        "(últimas|mejores|principales)|toda la|lo mejor)\\b.{0,140}$"},
    {FURNITURE_SIGN_UP, "(únete|únase|síguenos|suscríbete) (a|en) (nuestr[oa]|tu|el) "
                        "(canal|grupo|boletín|newsletter|comunidad|whatsapp)\\b.{0,80}$"},
    {FURNITURE_CONSENT, "(he leído|acepto|doy mi "
                        "consentimiento|autorizo)\\b.{0,60}\\b(política|términos|condiciones|datos|"
                        "privacidad)\\b.{0,120}$"},
    {FURNITURE_RELATED,
     "(lee también|lea también|ver más|más sobre (este tema|.{1,40})|sigue leyendo|no te pierdas( "
     ".{1,60})?|noticia relacionada|te sugerimos( leer)?:?.{0,120}|en otras "
     "noticias|newsletters|lo último|tendencias|destacados|patrocinado)\\W*$"},
    // ---- Italian
    {FURNITURE_SIGN_UP, "(iscriviti|iscrivetevi|abbonati|registrati)\\b.{0,140}\\b(newsletter|"
                        "canale|mail|gratuitamente)\\b.{0,80}$"},
    {FURNITURE_SIGN_UP, "ricevi\\b.{0,160}\\b(mail|e-?mail|newsletter|posta)\\b.{0,60}$"},
    {FURNITURE_CONSENT,
     "(iscrivendoti|iscrivendosi|registrandoti|continuando|cliccando|proseguendo)\\b.{0,160}\\b("
     "accetti|accetta|acconsenti|dichiari|accetto)\\b.{0,120}$"},
    {FURNITURE_ADVERTISEMENT,
     "(pubblicità|annuncio|continua a leggere( dopo la pubblicità)?|l'articolo continua "
     "(dopo|sotto).{0,40}|contenuto sponsorizzato)\\W*$"},
    {FURNITURE_SHARE,
     "(accedi|abbonati( ora)?|registrati|condividi( (su|questo|l')\\b.{0,40})?|seguici "
     "su\\b.{0,60}|stampa|copia link|ascolta( l'articolo)?|commenta|commenti)\\W*$"},
    {FURNITURE_LOG_IN, "(sei già abbonato|hai già un abbonamento|questo (articolo|contenuto) è "
                       "riservato agli abbonati)\\b.{0,40}$"},
    {FURNITURE_RELATED,
     "(leggi anche|leggi (di più|ancora)|vedi anche|potrebbe interessarti|ti potrebbe "
     "interessare|guarda anche|articoli correlati|i più letti)(\\W*$| ?[:>|»–—-].{1,200}$)"},
    {FURNITURE_COPYRIGHT,
     "(©|copyright)? ?.{0,60}\\b(riproduzione riservata|tutti i diritti riservati)\\b.{0,60}$"},
    // ---- Portuguese
    {FURNITURE_SIGN_UP, "(inscreva-se|assine|cadastre-se|subscreva|receba|registe-se)\\b.{0,140}"
                        "\\b(newsletters?|e-?mail|canal|boletim|whatsapp)\\b.{0,80}$"},
    {FURNITURE_CONSENT,
     "ao (continuar|se "
     "inscrever|inscrever-se|clicar|subscrever|assinar|cadastrar-se|registar-se|se "
     "cadastrar)\\b.{0,160}\\b(concorda|aceita|aceito|concordo|está de acordo)\\b.{0,120}$"},
    {FURNITURE_ADVERTISEMENT, "(publicidade|anúncio|continua (depois|após) (da|a) "
                              "publicidade|continua após o anúncio)\\W*$"},
    {FURNITURE_SHARE,
     "(compartilhar?e?|partilhar?e?)( (no|na|este|esta|esse|em|via|por)\\b.{0,40})?\\W*$"},
    {FURNITURE_SHARE, "(siga|siga-nos|acompanhe)\\b.{0,30}\\b(no|na|nas)\\b.{0,60}$"},
    {FURNITURE_RELATED, "(leia (também|mais)|veja (também|mais)|saiba mais|mais lidas|notícias "
                        "relacionadas|ler mais|relacionadas)(\\W*$| ?[:>|»–—-].{1,200}$)"},
    {FURNITURE_LOG_IN, "(já (é|sou) assinante|faça (o seu )?login|entre na sua conta|conteúdo "
                       "exclusivo para assinantes|assine( já| agora)?)\\b.{0,40}$"},
    {FURNITURE_COPYRIGHT, ".{0,80}\\btodos os direitos reservados\\b.{0,80}$"},
    {0, NULL}};
