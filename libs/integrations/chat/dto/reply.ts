/**
 * The replies of the chat callbacks (reference: "Get customer's online status in chat", "Retrieve data on
 * chat visits"). Dates are ISO 8601 in the account's zone, with its offset. Unknown values are left out.
 */
export interface OnlineReply {
  lastOnline?: string;
}

/** Reference: ChatVisitedPage. */
export interface VisitedPageReply {
  dateTime: string;
  url: string;
  title?: string;
}

/** Reference: ChatLastVisit. Duration in seconds. */
export interface LastVisitReply {
  source: string;
  createdAt: string;
  endedAt: string;
  duration: number;
  pages: VisitedPageReply[];
}

/** Reference: the response of the `visits` callback. */
export interface VisitsReply {
  lastVisit?: LastVisitReply;
  countVisits: number;
  device?: { lang?: string; browser?: string; os?: string };
  utm?: { source?: string; medium?: string; campaign?: string };
  country?: string;
  city?: string;
}
