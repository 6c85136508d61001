// SPDX-License-Identifier: Apache-2.0
//
// "New story": made on the server at once, so that it has an address, a history and a lock.
import { Fault, currentSession, post } from "../api";
import type { Story } from "../api_types";
import { go } from "../router";
import { toast } from "../ui/parts";

export async function newStory(): Promise<void> {
  try {
    const author = currentSession()?.account?.author_id;
    const story = await post<Story>("/stories", author ? { bylines: [{ author_id: author }] } : {});
    go(`/stories/${story.id}`);
  } catch (error) {
    toast(error instanceof Fault ? error.message : String(error), "bad");
  }
}
