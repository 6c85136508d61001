// SPDX-License-Identifier: Apache-2.0
//
// WebAuthn: options from the server (JSON, binary as base64url) to the browser's form and back.
// Written out, since not every browser has PublicKeyCredential.parse…FromJSON yet.
import type { PasskeyOptions } from "./api_types";

const toBytes = (text: string) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (character) => character.charCodeAt(0));
const toText = (bytes: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
type Described = { id: string; type: "public-key"; transports?: AuthenticatorTransport[] };
const described = (list: unknown[] | undefined) => (list as Described[] | undefined)?.map((one) => ({ ...one, id: toBytes(one.id) }));

export async function answerPasskey(options: PasskeyOptions, what: "get" | "create"): Promise<unknown> {
  const challenge = toBytes(options.challenge);
  if (what === "get") {
    const got = (await navigator.credentials.get({
      publicKey: { challenge, rpId: options.rpId, timeout: options.timeout, userVerification: options.userVerification as UserVerificationRequirement, allowCredentials: described(options.allowCredentials) },
    })) as PublicKeyCredential;
    const response = got.response as AuthenticatorAssertionResponse;
    return {
      id: got.id,
      rawId: toText(got.rawId),
      type: got.type,
      response: { clientDataJSON: toText(response.clientDataJSON), authenticatorData: toText(response.authenticatorData), signature: toText(response.signature), userHandle: response.userHandle ? toText(response.userHandle) : null },
    };
  }
  const user = options.user as { id: string; name: string; displayName: string };
  const made = (await navigator.credentials.create({
    publicKey: {
      challenge,
      rp: options.rp as PublicKeyCredentialRpEntity,
      user: { ...user, id: toBytes(user.id) },
      pubKeyCredParams: options.pubKeyCredParams as PublicKeyCredentialParameters[],
      excludeCredentials: described(options.excludeCredentials),
      authenticatorSelection: options.authenticatorSelection as AuthenticatorSelectionCriteria,
      attestation: options.attestation as AttestationConveyancePreference,
      timeout: options.timeout,
    },
  })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return { id: made.id, rawId: toText(made.rawId), type: made.type, response: { clientDataJSON: toText(response.clientDataJSON), attestationObject: toText(response.attestationObject) } };
}
