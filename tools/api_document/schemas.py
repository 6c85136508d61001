# SPDX-License-Identifier: Apache-2.0
#
# What is sent and answered, by name. See notation.py.

from .notation import schema, request

# ---- faults --------------------------------------------------------------------------------------
schema("Problem", "A fault (RFC 9457).", {
    "type": "string", "title": "string", "status": "int",
    "detail?": ("string?", "for people: what, where, how to mend it"),
    "code?": ("string", "for programs: invalid, not_found, state, unauthenticated, second_factor, forbidden, csrf, scope, "
                        "password, code, rate, locked, stale, too_large, media_type, busy"),
    "field?": ("string", "the field that is wrong, as the request names it"),
    "lock?": ("Lock", "code locked: who has the story"),
})

# ---- people --------------------------------------------------------------------------------------
ROLE = "enum:owner|editor|author|contributor"
schema("StaffName", "A person, in short.", {"id": "int", "name": "string"})
schema("Staff", "A person of the newsroom.", {
    "id": "int", "email": "string", "name": "string", "role": ROLE,
    "state": ("enum:invited|active|disabled", "disabled: can't log in, stays in the histories"),
    "author_id": ("int?", "the author that their stories are signed by"), "language": "string",
    "second_factors": "[enum:totp|passkey]", "created_at": "instant", "active_at": "instant?",
    "invitation_expires_at": "instant?"})
schema("StaffList", "All of the newsroom.", {"items": "[Staff]"})
schema("Account", "Oneself.", {
    "id": "int", "email": "string", "name": "string", "role": ROLE, "author_id": "int?",
    "language": ("string", "of the newsroom's own words: en, de …; '' the browser's"),
    "preferences": ("any", "what the user interface keeps for this person: any JSON object, 8 KB at most"),
    "totp": "bool", "passkeys": "int", "recovery_codes_left": "int"})
schema("Session", "How far this browser has come.", {
    "state": ("enum:none|second_factor|active", "none: log in; second_factor: POST one of /api/session/…"),
    "set_up_needed": ("bool", "there is no owner yet: the link printed at the first start makes one"),
    "csrf": ("string?", "goes into X-CSRF-Token"),
    "second_factors": ("[enum:totp|passkey|recovery_code]", "state second_factor: which may be used"),
    "account": "Account?", "permissions": ("[string]", "what this person may do"),
    "expires_at": ("instant?", "unless it is used before"), "newspaper": "Newspaper"})
schema("Newspaper", "What every view shows of the newspaper.", {
    "name": "string", "base_url": "string", "language": "string", "time_zone": "string",
    "version": ("string", "of the program"), "aspects": "[string]"})
request("LogIn", "", {"email": "string", "password": "string"})
request("Code", "", {"code": "string"})
schema("PasskeyOptions", "PublicKeyCredentialRequestOptionsJSON or …CreationOptionsJSON (WebAuthn Level 3).", {
    "challenge": "string", "rpId?": "string", "allowCredentials?": "[any]", "userVerification?": "string", "timeout?": "int",
    "rp?": "any", "user?": "any", "pubKeyCredParams?": "[any]", "excludeCredentials?": "[any]",
    "authenticatorSelection?": "any", "attestation?": "string"})
request("PasskeyAnswer", "What the browser made of the options: PublicKeyCredential.toJSON().", {
    "name?": ("string", "at registration: what the person calls it"),
    "credential": ("any", "id, rawId, type, response {clientDataJSON, authenticatorData, signature | attestationObject}")})
request("SetUp", "The first start's form.", {
    "token": ("string", "of the one-time link"), "email": "string", "name": "string", "password": ("string", "10 characters at least"),
    "newspaper_name?": "string", "base_url?": "string", "language?": "string", "time_zone?": "string"})
schema("SetUpState", "Whether the one-time link still opens.", {"open": "bool", "newspaper": "Newspaper"})
request("Email", "", {"email": "string"})
request("PasswordReset", "", {"token": "string", "password": "string"})
schema("Invitation", "What an invitation's link opens.", {"email": "string", "name": "string", "role": ROLE, "newspaper": "Newspaper"})
request("InvitationAnswer", "", {"name": "string", "password": "string"})
request("AccountChange", "", {"name?": "string", "language?": "string", "preferences?": "any"})
request("PasswordChange", "All other sessions end.", {"current": "string", "password": "string"})
request("Password", "", {"password": "string"})
schema("SessionEntry", "A browser that is logged in.", {
    "id": "int", "current": "bool", "browser": ("string", "as it calls itself"), "created_at": "instant", "active_at": "instant",
    "expires_at": "instant", "second_factor": "bool"})
schema("SessionList", "", {"items": "[SessionEntry]"})
schema("TotpSecret", "Not in force before it is confirmed.", {"secret": ("string", "base 32"), "uri": ("string", "otpauth://totp/…, for a QR code")})
schema("RecoveryCodes", "Shown once; each opens once.", {"codes": "[string]"})
schema("Passkey", "", {"id": "int", "name": "string", "created_at": "instant", "used_at": "instant?"})
schema("PasskeyList", "", {"items": "[Passkey]"})
request("StaffNew", "", {"email": "string", "name": "string", "role": ROLE, "author_id?": "int?"})
request("StaffChange", "", {"name?": "string", "email?": "string", "role?": ROLE, "state?": "enum:active|disabled", "author_id?": "int?"})
request("StaffReset", "Ends the person's sessions and mails a link for a new password.", {"second_factors?": ("bool", "takes them away, too")})
schema("Permissions", "Who may do what.", {"roles": "[string]", "permissions": "[Permission]"})
schema("Permission", "", {"name": "string", "says": "string", "roles": "[string]", "scope": ("bool", "an API token may have it")})
schema("Token", "A key for a program.", {
    "id": "int", "name": "string", "scopes": "[string]", "created_by": "StaffName?", "created_at": "instant", "expires_at": "instant?",
    "used_at": "instant?", "prefix": ("string", "how its text begins")})
schema("TokenList", "", {"items": "[Token]"})
request("TokenNew", "", {"name": "string", "scopes": ("[string]", "permissions; never more than one's own"), "expires_at?": "instant?"})
schema("TokenMade", "", {"token": "Token", "secret": ("string", "shown this once")})
schema("AuditEntry", "Something that changed what readers see, or who may change it.", {
    "id": "int", "at": "instant", "staff": "StaffName?", "via": ("string", "session, token <name>, command, schedule"),
    "action": ("string", "story.publish, front.put, staff.role …"), "noun": "string", "noun_id": "int?", "says": "string"})

# ---- pictures ------------------------------------------------------------------------------------
schema("Rectangle", "Pixels of the upright original.", {"x": "int", "y": "int", "width": "int", "height": "int"})
schema("Image", "A stored original.", {
    "id": "int", "hash": ("string?", "null while the picture can't be had; bodies name it as image:HASH"),
    "format": "string", "width": "int", "height": "int", "bytes": "int", "alt": "string", "caption": "string", "credit": "string",
    "rights": "string", "focal_x": ("int", "0 to 10000 from the left"), "focal_y": "int",
    "crops": ("{Rectangle}", "by aspect (16x9, 4x3, 3x2, 1x1): as it is cut now"),
    "crops_set": ("[string]", "the aspects that an editor has cut; the others lie around the focal point"),
    "urls": ("{string}", "by aspect and full: put ?imwidth=480 behind it"), "created_at": "instant",
    "uploaded_by": "StaffName?"})
request("ImageChange", "", {
    "alt?": "string", "caption?": "string", "credit?": "string", "rights?": "string", "focal_x?": "int", "focal_y?": "int",
    "crops?": ("{Rectangle?}", "by aspect; null: around the focal point again")})
schema("ImageUse", "Where a picture stands.", {
    "kind": "enum:hero|body|author|share|work", "story_id": "int?", "author_id": "int?", "title": "string", "status": "string", "url": "string?"})
schema("ImageUses", "", {"items": "[ImageUse]"})

# ---- stories -------------------------------------------------------------------------------------
STATUS = "enum:draft|scheduled|published|withdrawn"
STAGE = "enum:draft|review|ready|published"
schema("Section", "", {"id": "int", "slug": "string", "name": "string", "description": "string", "position": "int", "url": "string"})
schema("SectionList", "", {"items": "[Section]"})
request("SectionNew", "", {"slug": "string", "name": "string", "description?": "string", "position?": "int"})
request("SectionChange", "", {"name?": "string", "description?": "string", "position?": "int"})
schema("Topic", "", {"id": "int", "slug": "string", "name": "string", "description": "string"})
request("TopicNew", "", {"slug?": "string", "name": "string", "description?": "string"})
request("TopicChange", "", {"name?": "string", "description?": "string"})
schema("Author", "", {"id": "int", "slug": "string", "name": "string", "role": "string", "bio": ("string", "Markdown"), "portrait": "Image?", "url": "string"})
request("AuthorNew", "", {"slug?": "string", "name": "string", "role?": "string", "bio?": "string", "portrait_id?": "int?"})
request("AuthorChange", "", {"name?": "string", "role?": "string", "bio?": "string", "portrait_id?": "int?"})
schema("Byline", "", {"author_id": "int", "name": "string", "role": ("string", "in this story: '' or Photographs …")})
request("BylineChange", "", {"author_id": "int", "role?": "string"})
schema("Lock", "Who has the story open for writing.", {"staff": "StaffName", "since": "instant", "expires_at": ("instant", "unless it is renewed: POST again each 30 seconds"), "mine": ("bool", "held by this session")})
CONTENT = {
    "headline": "string", "standfirst": "string", "kicker": "string", "dateline": "string", "body": ("string", "Markdown"),
    "language": ("string", "'' the newspaper's"), "slug": ("string", "'' made from the headline at the first publication"),
    "section_id": "int?", "hero_image_id": "int?", "hero_caption": "string", "hero_credit": "string",
    "seo_title": "string", "seo_description": "string", "share_title": "string", "share_description": "string", "share_image_id": "int?"}
schema("Story", "A story as the newsroom has it: its working copy, which readers don't see before it is published.", dict(CONTENT, **{
    "id": "int", "bylines": "[Byline]", "topics": "[Topic]", "section": "Section?", "hero": "Image?", "share_image": "Image?",
    "images": ("[Image]", "those that the body names"),
    "revision": ("int", "of the working copy: the base of the next save"),
    "status": (STATUS, "what readers know"), "stage": (STAGE, "what the newsroom knows"),
    "has_changes": ("bool", "a published story whose working copy differs"),
    "published_revision": ("int?", "the revision that readers see"),
    "scheduled_for": "instant?", "embargo_until": ("instant?", "not published before, whoever asks"),
    "published_at": "instant?", "updated_at": ("instant?", "as readers are told"), "created_at": "instant", "saved_at": "instant",
    "saved_by": "StaffName?", "owner": ("StaffName?", "whose story it is"), "word_count": "int", "reading_minutes": "int",
    "url": ("string?", "its page; null before publication"), "lock": "Lock?", "corrections": "[Correction]", "open_notes": "int",
    "mailings": ("[int]", "mailings that carried it")}))
schema("StorySummary", "A story in a list.", {
    "id": "int", "headline": "string", "slug": "string", "kicker": "string", "section": "Section?", "byline": "string", "status": STATUS, "stage": STAGE,
    "has_changes": "bool", "scheduled_for": "instant?", "embargo_until": "instant?", "published_at": "instant?", "created_at": "instant", "saved_at": "instant",
    "owner": "StaffName?", "lock": "Lock?", "word_count": "int", "hero": "Image?", "url": "string?", "open_notes": "int"})
schema("Board", "Stories by stage: the newest of each column.", {"columns": "[BoardColumn]"})
schema("BoardColumn", "", {"stage": STAGE, "items": "[StorySummary]", "next": ("string?", "for GET /api/stories?stage=…&after=")})
request("StoryNew", "", dict({name + "?": value for name, value in CONTENT.items()}, **{
    "bylines?": ("[BylineChange]", "default: oneself, where one is an author"), "topic_ids?": "[int]", "topics?": ("[string]", "names; made when missing"),
    "embargo_until?": "instant?"}))
request("StorySave", "Saves the working copy. What is left out stays.", dict({name + "?": value for name, value in CONTENT.items()}, **{
    "base_revision": ("int", "the revision that this was written on"), "bylines?": "[BylineChange]", "topic_ids?": "[int]", "topics?": "[string]",
    "embargo_until?": "instant?",
    "automatic?": ("bool", "an autosave: several of one person's in a row are one entry in the history")}))
schema("StorySaved", "", {
    "outcome": ("enum:saved|unchanged|merged|conflict",
                "merged: someone else had saved meanwhile, and both texts are in `story`; conflict: so, and where both changed the same "
                "words, the body carries both between markers (see `conflicts`) until someone decides"),
    "story": "Story", "conflicts": "[Conflict]"})
schema("Conflict", "Where two people changed the same words.", {
    "field": "string", "base": "string", "mine": "string", "theirs": "string", "kept": ("enum:both|mine|theirs", "what stands in the story now"),
    "theirs_by": "StaffName?"})
request("StageChange", "", {"stage": "enum:draft|review|ready", "base_revision?": "int", "note?": ("string", "goes to the story's notes")})
request("Publish", "", {"base_revision": ("int", "what the editor has seen: refused (409, code stale) if there is a newer one"),
                        "updated?": ("bool", "tell readers that it was updated; default true for a published story"), "at?": ("instant?", "publication date to show; default now")})
request("ScheduleAt", "", {"at": "instant", "base_revision?": "int"})
request("BaseRevision", "", {"base_revision?": "int"})
schema("Correction", "", {"id": "int", "story_id": "int", "corrected_at": "instant", "wrong": "string", "right": "string"})
schema("CorrectionEntry", "", {"correction": "Correction", "story": "StorySummary"})
request("CorrectionNew", "The published text is changed and the correction noted in one act.", {
    "wrong": ("string", "what was wrong, in words for readers"), "right": "string", "base_revision?": "int",
    "replace?": ("[Replacement]", "in the published text and the working copy"), "publish?": ("bool", "publish the whole working copy along with it")})
request("Replacement", "", {"field": "enum:headline|standfirst|body|kicker|dateline", "find": ("string", "stands there exactly once"), "with": "string"})
schema("Revision", "", {"number": "int", "kind": "enum:imported|created|saved|automatic|merged|restored|published|corrected|withdrawn|stage",
                        "saved_at": "instant", "staff": "StaffName?", "note": "string", "headline": "string", "word_count": "int", "words_added": "int",
                        "words_removed": "int", "published": ("bool", "readers see, or saw, this one")})
schema("RevisionWhole", "", {"revision": "Revision", "content": "StoryContent"})
schema("StoryContent", "", dict(CONTENT, **{"bylines": "[Byline]", "topic_ids": "[int]"}))
schema("Diff", "From one revision to another, word by word.", {"from": "int", "to": "int", "fields": "[FieldDiff]"})
schema("FieldDiff", "", {"field": "string", "parts": "[DiffPart]"})
schema("DiffPart", "", {"kind": "enum:same|added|removed", "text": "string"})
request("LockTake", "", {"take_over?": ("bool", "though someone else has it; they are told at their next save or renewal")})
schema("LockState", "", {"lock": "Lock?", "revision": ("int", "the story's, so that a stale editor notices")})
schema("StoryNote", "What editors tell each other on a passage.", {
    "id": "int", "story_id": "int", "staff": "StaffName", "created_at": "instant", "text": "string", "resolved": "bool", "resolved_by": "StaffName?",
    "passage": ("string", "the words it is about; ''"), "prefix": ("string", "the words before them, to find the place again"), "reply_to": "int?"})
schema("StoryNotes", "", {"items": "[StoryNote]"})
request("StoryNoteNew", "", {"text": "string", "passage?": "string", "prefix?": "string", "reply_to?": "int?"})
request("StoryNoteChange", "", {"text?": "string", "resolved?": "bool"})
schema("Check", "What stands in the way of publishing, or should be looked at.", {"level": "enum:error|warning", "code": "string", "field": "string", "says": "string"})
schema("Checks", "", {"items": "[Check]", "can_publish": "bool"})
schema("StoryPreview", "How the working copy would be found and shared.", {
    "search": ("SharePreview", "a search engine's result"), "share": ("SharePreview", "a card in a network or messenger"), "mail": ("SharePreview", "the story in a mailing")})
schema("SharePreview", "", {"url": "string", "title": "string", "description": "string", "image": "string?"})
request("MarkdownPreview", "", {"body": "string"})
schema("MarkdownShown", "", {"html": "string", "word_count": "int", "reading_minutes": "int"})
schema("Found", "For the command palette.", {"stories": "[StorySummary]", "images": "[Image]", "authors": "[Author]", "topics": "[Topic]"})

# ---- fronts --------------------------------------------------------------------------------------
WEIGHT = "enum:lead|second|brief"
schema("FrontSlot", "", {"story": "StorySummary", "weight": WEIGHT, "automatic": ("bool", "filled by the machine"),
                         "why": ("string", "automatic: newest, newest of the section …; else ''")})
request("FrontSlotNew", "", {"story_id": "int", "weight": WEIGHT})
schema("Front", "The front page or a section's, as readers see it and as it is planned.", {
    "section": ("string", "front, or a section's slug"), "name": "string", "version": ("int", "the base of the next change"), "updated_at": "instant?", "updated_by": "StaffName?",
    "slots": ("[FrontSlot]", "what is curated, then what fills the rest"), "plans": "[FrontPlanSummary]", "can_undo": "bool"})
schema("FrontSummary", "", {"section": "string", "name": "string", "version": "int", "updated_at": "instant?", "curated": "int", "plans": "int"})
schema("FrontList", "", {"items": "[FrontSummary]"})
request("FrontPut", "What readers see from now on.", {"base_version": ("int", "refused (409, stale) if someone changed it meanwhile"), "slots": "[FrontSlotNew]"})
request("FrontPreview", "", {"slots": "[FrontSlotNew]", "at?": ("instant?", "as of then: scheduled stories count as published")})
schema("FrontPreviewed", "", {"slots": "[FrontSlot]"})
schema("FrontPlanSummary", "A draft of another day's front.", {"id": "int", "name": "string", "goes_live_at": ("instant?", "null: a draft"), "updated_at": "instant", "updated_by": "StaffName?", "curated": "int"})
schema("FrontPlan", "", {"id": "int", "section": "string", "name": "string", "goes_live_at": "instant?", "updated_at": "instant", "updated_by": "StaffName?", "slots": "[FrontSlot]"})
request("FrontPlanNew", "", {"name": "string", "goes_live_at?": "instant?", "slots": "[FrontSlotNew]"})
request("FrontPlanChange", "", {"name?": "string", "goes_live_at?": "instant?", "slots?": "[FrontSlotNew]"})
schema("FrontPast", "", {"version": "int", "replaced_at": "instant", "staff": "StaffName?", "curated": "int", "headlines": "[string]"})
request("FrontUndo", "", {"base_version": "int", "to_version?": ("int", "default: the one before")})

# ---- mail ----------------------------------------------------------------------------------------
NEWSLETTER = {
    "name": "string", "description": "string", "offered": "bool", "sender_name": "string", "sender_address": "string", "reply_to": "string", "language": "string",
    "time_zone": "string", "time": ("string", "06:30"), "days": ("string", "mon-fri; daily"), "local_hour": "bool", "approval": "bool", "introduction": "string",
    "story_limit": "int", "section_ids": "[int]", "daily_cap": "int", "uncertain": "enum:hold|again", "lateness_minutes": "int", "tracking": "bool", "active": "bool", "position": "int"}
KIND = "enum:daily|breaking|edition"
schema("Newsletter", "Something that readers sign up for.", dict({"id": "int", "slug": "string", "kind": KIND, "readers": ("int", "active ones"), "next_at": "instant?"}, **NEWSLETTER))
schema("NewsletterList", "", {"items": "[Newsletter]"})
request("NewsletterNew", "", dict({"slug": "string", "kind": KIND}, **{k + ("" if k == "name" else "?"): v for k, v in NEWSLETTER.items()}))
request("NewsletterChange", "", {k + "?": v for k, v in NEWSLETTER.items()})
MAILING_STATE = "enum:draft|held|ready|sending|paused|stopped|done|cancelled|skipped"
schema("MailingCounts", "planned is the sum of the others, always.", {
    "planned": "int", "pending": "int", "accepted": "int", "deferred": "int", "failed": "int", "suppressed": "int", "uncertain": "int", "cancelled": "int"})
schema("Mailing", "One newsletter sent once.", {
    "id": "int", "newsletter_id": "int", "newsletter": "string", "kind": KIND, "state": MAILING_STATE, "reason": ("string", "why it is held, paused, stopped or skipped"),
    "subject": "string", "preheader": "string", "introduction": "string", "segment_id": "int?", "requested_by": "string", "approved_by": "string",
    "created_at": "instant", "due_at": "instant", "latest_at": "instant", "frozen_at": "instant?", "finished_at": "instant?", "url": ("string?", "its page in the archive, once frozen"),
    "counts": "MailingCounts", "needs_second_person": "bool"})
schema("MailingWhole", "", {"mailing": "Mailing", "stories": "[StorySummary]", "recipients": ("int", "whom it would reach now; once frozen, whom it was made for")})
request("MailingNew", "Composes a daily or an edition's letter from the front.", {"newsletter_id": "int", "day?": "date", "due_at?": "instant?"})
request("MailingChange", "Before it is launched.", {"subject?": "string", "preheader?": "string", "introduction?": "string", "story_ids?": "[int]", "due_at?": "instant"})
schema("MailPreview", "The parts as they would be sent now.", {"subject": "string", "preheader": "string", "html": "string", "text": "string", "html_bytes": "int"})
schema("Finding", "", {"level": "enum:error|warning", "says": "string"})
schema("Findings", "", {"items": "[Finding]", "can_send": "bool"})
request("TestSend", "", {"addresses": ("[string]", "10 at most; default: oneself")})
request("DueAt", "", {"due_at": "instant"})
schema("MailingProgress", "Also the data of each server-sent event.", {
    "mailing_id": "int", "state": MAILING_STATE, "reason": "string", "counts": "MailingCounts", "rate": ("number", "letters a second, over the last ten"),
    "started_at": "instant?", "finished_at": "instant?", "seconds_left": ("int?", "as it goes now")})
schema("Delivery", "", {"subscriber_id": "int", "address": "string", "state": "string", "attempts": "int", "changed_at": "instant?", "due_at": "instant?", "relay": "string", "code": "int", "status": "string", "reason": "string"})
request("Retry", "", {"from": "enum:failed|uncertain"})
request("Resolve", "The uncertain: a person has looked.", {"to": "enum:accepted|failed"})
schema("Moved", "", {"count": "int"})
schema("MailingResults", "What came of it; opens and clicks only of readers who agreed to be counted.", {
    "counts": "MailingCounts", "bounced": "int", "complained": "int", "left": ("int", "who left by its link"), "counted": ("int", "accepted ones of readers who agreed"), "opened": "int",
    "clicked": "int", "links": "[LinkResult]", "reasons": "[ReasonCount]"})
schema("LinkResult", "", {"url": "string", "readers": "int", "clicks": "int"})
schema("ReasonCount", "", {"status": "string", "reason": "string", "count": "int"})
request("AlertPlan", "", {"story_id": "int", "newsletter?": ("string", "slug; default: the first of kind breaking"), "segment?": "string", "subject?": "string"})
schema("AlertPlanned", "Said before anything is sent.", {"story": "StorySummary", "newsletter": "Newsletter", "segment": "string?", "subject": "string", "recipients": "int", "needs_second_person": "bool",
                                                           "sent_today": "int", "over_cap": "bool", "already_sent": ("int?", "the mailing that this story had"), "html": "string"})
request("Alert", "The second step.", {"story_id": "int", "newsletter?": "string", "segment?": "string", "subject?": "string", "recipients": ("int", "the number that was shown; refused (409, stale) if it has changed by more than a tenth"), "over_cap?": "bool"})
schema("Segment", "A set of readers by rules.", {"id": "int", "slug": "string", "name": "string", "rules": ("string", "section politics sport; since 2026-01-01; active 90d; newsletter breaking"), "created_at": "instant"})
schema("SegmentList", "", {"items": "[Segment]"})
request("SegmentNew", "", {"slug": "string", "name": "string", "rules": "string"})
request("SegmentChange", "", {"name?": "string", "rules?": "string"})
request("SegmentCount", "", {"rules": "string", "newsletter": "string"})
SUBSCRIBER_STATE = "enum:pending|active|suppressed"
schema("Subscriber", "A reader who gets mail.", {
    "id": "int", "address": "string", "name": "string", "status": SUBSCRIBER_STATE, "language": "string", "time_zone": "string", "paused_until": "instant?", "created_at": "instant", "confirmed_at": "instant?",
    "active_at": "instant?", "tracking": "bool"})
schema("SubscriberWhole", "", {"subscriber": "Subscriber", "subscriptions": "[Subscription]", "sections": "[Section]", "suppression": "Suppression?"})
schema("Subscription", "", {"newsletter_id": "int", "newsletter": "string", "status": "enum:pending|active|left", "since": "instant", "left_at": "instant?"})
schema("Suppression", "", {"reason": "string", "at": "instant", "note": "string"})
schema("SubscriberEvent", "One thing in a reader's history.", {"at": "instant", "kind": "enum:consent|delivery|bounce|open|click", "says": "string", "mailing_id": "int?", "detail": "string"})
schema("SubscriberHistory", "Newest first.", {"items": "[SubscriberEvent]"})
request("SubscriberNew", "Writes to the address for confirmation, unless the consent is stated.", {"address": "string", "name?": "string", "newsletters": "[string]", "consent?": ("string", "how and when they agreed, in words: kept as the proof; without it a confirmation is sent")})
request("SubscriberChange", "", {"name?": "string", "newsletters?": ("[string]", "those that are on after it"), "paused_until?": "instant?"})
schema("SubscriberCounts", "", {"active": "int", "pending": "int", "suppressed": "int", "newsletters": "[NewsletterCount]"})
schema("NewsletterCount", "", {"newsletter_id": "int", "name": "string", "readers": "int"})
schema("Growth", "By day, oldest first.", {"days": "[GrowthDay]"})
schema("GrowthDay", "", {"day": "date", "joined": "int", "left": "int", "suppressed": "int", "active": ("int", "at the end of the day")})
schema("SubscriberImport", "A file of readers.", {
    "id": "int", "state": ("enum:uploaded|waiting|reading|taking_over|checked|done|failed|cancelled", "uploaded, checked (a dry run is over) and failed ones can be started"), "dry_run": "bool",
    "file": "string", "bytes": "int", "progress": ("number", "0 to 1, of reading or of taking over"), "newsletters": "string", "consent": "string",
    "rows": "int", "created": "int", "known": "int", "subscribed": ("int", "newsletters added"), "left": ("int", "kept as having left"), "repeated": ("int", "lines of a reader named before"), "suppressed": "int",
    "refused": "int", "refusals": ("[ImportRefusal]", "the first hundred"), "started_at": "instant", "finished_at": "instant?", "staff": "StaffName?", "reason": "string",
    "look": ("ImportLook?", "of one import that can be started")})
schema("ImportLook", "What the file seems to be.", {"encoding": "string", "delimiter": "string", "has_headings": "bool", "columns": "[ImportColumn]"})
COLUMN_KIND = "enum:ignore|address|name|first_name|last_name|status|newsletters|left|sections|language|time_zone|signed_up|confirmed|left_at|bounced_at|paused_until|gets_mail|gets_no_mail|has_confirmed|has_bounced"
schema("ImportColumn", "", {"heading": "string", "kind": (COLUMN_KIND, "what its heading says"), "samples": "[string]"})
request("SubscriberImportStart", "", {"columns?": ("[%s]" % COLUMN_KIND, "what each column is; without it, what the headings say"), "newsletters?": ("[string]", "slugs, for lines that name none"),
                                      "consent": ("string", "how and when these readers agreed, in words: kept as the proof of each"), "dry_run?": ("bool", "look at every line, write nothing")})
schema("ImportRefusal", "", {"line": "int", "text": "string", "reason": "string"})
schema("SuppressionEntry", "Addresses are not kept: ask for one to know.", {"listed": "bool", "suppression": "Suppression?"})
request("SuppressionNew", "", {"address": "string", "note?": "string"})
schema("BounceEntry", "", {"id": "int", "received_at": "instant", "way": "string", "kind": "enum:hard|soft|complaint|automatic|unknown", "mailing_id": "int?", "subscriber_id": "int?", "status": "string", "reason": "string"})
schema("OutboxMessage", "A letter in the maildir.", {"id": "string", "at": "instant", "from": "string", "to": "string", "subject": "string", "bytes": "int"})
schema("OutboxWhole", "", {"message": "OutboxMessage", "headers": "[OutboxHeader]", "html": ("string?", "see GET …/html for a document to frame"), "text": "string?", "unsubscribe_url": "string?"})
schema("OutboxHeader", "", {"name": "string", "value": "string"})
schema("MailState", "How mail leaves.", {"transport": ("string", "maildir, or the relays"), "stopped": ("string", "why nothing is sent; '' sending"), "dispatchers": "int", "waiting_notices": "int"})

# ---- numbers -------------------------------------------------------------------------------------
request("PageView", "What the beacon tells: nothing about the person.", {"p": ("string", "path"), "r?": ("string", "the referring page's host; ''")})
schema("LiveNumbers", "The last half hour.", {"minutes": ("[int]", "views in each of the last 30 minutes, oldest first"), "now": "instant", "views": "int", "stories": "[StoryViews]", "referrers": "[ReferrerViews]", "sections": "[SectionViews]"})
schema("StoryViews", "", {"story_id": "int", "headline": "string", "url": "string", "views": "int"})
schema("ReferrerViews", "", {"referrer": ("string", "a host; '' none"), "views": "int"})
schema("SectionViews", "", {"section": "string", "name": "string", "views": "int"})
schema("DayNumbers", "", {"days": "[DayViews]"})
schema("DayViews", "", {"day": "date", "views": "int"})
schema("TopStories", "", {"items": "[StoryViews]"})
schema("TopReferrers", "", {"items": "[ReferrerViews]"})
schema("TopSections", "", {"items": "[SectionViews]"})
schema("NewsletterNumbers", "Newest mailing first; each newsletter by its name.", {"items": "[MailingNumbers]", "newsletters": "[NewsletterTotals]"})
schema("NewsletterTotals", "A newsletter's mailings of the last `days` days together.", {"newsletter_id": "int", "name": "string", "readers": "int", "joined": "int", "left": "int", "mailings": "int", "sent": "int", "accepted": "int", "bounced": "int",
       "complained": "int", "unsubscribed": "int", "counted": "int", "opened": "int", "clicked": "int"})
schema("MailingNumbers", "Of those `counted`, who agreed to it, opens and clicks are known; `left` within a week.", {"mailing_id": "int", "newsletter_id": "int", "subject": "string", "at": "instant", "planned": "int", "sent": "int", "accepted": "int", "failed": "int", "bounced": "int", "complained": "int",
       "counted": "int", "opened": "int", "clicked": "int", "left": "int", "computed_at": ("instant?", "null: not counted yet")})
schema("Overview", "The first view of the day.", {"stories": "[StageCount]", "scheduled": "[StorySummary]", "mailings": "[Mailing]", "live_views": "int", "today_views": "int", "yesterday_views": "int", "subscribers": "SubscriberCounts", "warnings": "[string]"})
schema("StageCount", "", {"stage": STAGE, "count": "int"})

# ---- settings, webhooks --------------------------------------------------------------------------
SETTINGS = {"name": "string", "tagline": "string", "description": "string", "base_url": "string", "language": "string", "time_zone": "string", "publisher": "string", "contact": "string", "mail_sender": "string", "bounce_address": "string", "postal_address": "string"}
schema("Settings", "The newspaper's own.", SETTINGS)
request("SettingsChange", "", {k + "?": v for k, v in SETTINGS.items()})
schema("Policy", "", {"kind": "enum:terms|privacy", "version": "int", "title": "string", "body": "string", "published_at": "instant"})
schema("PolicyList", "", {"items": "[Policy]"})
request("PolicyNew", "", {"kind": "enum:terms|privacy", "title": "string", "body": "string"})
EVENT = "enum:story.published|story.updated|story.corrected|story.withdrawn|subscriber.confirmed|subscriber.left|mailing.sent|test"
schema("Webhook", "Where we tell of things.", {"id": "int", "url": "string", "events": "[%s]" % EVENT, "active": "bool", "created_at": "instant", "last_status": ("int?", "HTTP's; 0: no connection"), "last_at": "instant?", "failing_since": "instant?"})
schema("WebhookList", "", {"items": "[Webhook]"})
request("WebhookNew", "", {"url": ("string", "https; an address inside a network is refused"), "events": "[%s]" % EVENT, "active?": "bool"})
request("WebhookChange", "", {"url?": "string", "events?": "[%s]" % EVENT, "active?": "bool"})
schema("WebhookMade", "", {"webhook": "Webhook", "secret": ("string", "shown this once; Webhook-Signature is HMAC-SHA-256 by it (Standard Webhooks)")})
schema("WebhookDelivery", "", {"id": "int", "event": "string", "created_at": "instant", "attempts": "int", "state": "enum:waiting|delivered|failed", "status": "int?", "next_at": "instant?", "reason": "string"})

# ---- what is published ---------------------------------------------------------------------------
schema("PublicImage", "", {"id": "int", "alt": "string", "caption": "string", "credit": "string", "width": "int", "height": "int", "urls": "{string}"})
schema("PublicAuthor", "", {"id?": "int", "slug?": "string", "name?": "string", "role?": "string", "bio?": ("string", "Markdown"), "portrait?": "PublicImage?", "url?": "string"})
schema("PublicSection", "", {"id?": "int", "slug?": "string", "name?": "string", "description?": "string", "url?": "string"})
schema("PublicTopic", "", {"id?": "int", "slug?": "string", "name?": "string", "url?": "string"})
schema("PublicByline", "", {"author": "PublicAuthor", "role": "string"})
schema("PublicCorrection", "", {"corrected_at": "instant", "wrong": "string", "right": "string"})
schema("PublicStory", "A published story; which fields is the query's to say.", {
    "id?": "int", "slug?": "string", "url?": "string", "headline?": "string", "standfirst?": "string", "kicker?": "string", "dateline?": "string", "language?": "string", "section?": "PublicSection?", "bylines?": "[PublicByline]", "topics?": "[PublicTopic]",
    "hero?": "PublicImage?", "published_at?": "instant", "updated_at?": "instant?", "word_count?": "int", "body?": ("string", "Markdown"), "html?": "string", "corrections?": "[PublicCorrection]"})
for one in ("Story", "Author", "Section", "Topic"):
    schema("Public%sPage" % one, "", {"items": "[Public%s]" % one, "next": "string?"})
schema("PublicFront", "", {"section": "string", "slots": "[PublicFrontSlot]"})
schema("PublicFrontSlot", "", {"weight": WEIGHT, "story": "PublicStory"})
schema("StoryCorrections", "", {"items": "[Correction]"})
schema("StoryNumbers", "", {"total": "int", "days": "[DayViews]", "referrers": "[ReferrerViews]"})
