// @ts-check
// What became of an outside call, in a word for the list and a sentence for who asks why.

/** @type {Record<string, string>} */
const NAMES = {
  calendar: "Calendar",
  crew_service: "Crew service",
  edge: "Edge",
  s3: "S3",
  cloudfront: "CloudFront",
  ses: "SES",
  dynamodb: "DynamoDB",
  secretsmanager: "Secrets Manager",
  sts: "STS",
  lambda: "Lambda",
  slack: "Slack",
};

/** @type {Record<string, string>} */
const FAULTS = {
  timeout_before: "no answer, and nothing happened",
  timeout_after: "it happened, but the answer was lost",
  reset_before: "the connection broke before anything happened",
  reset_after: "it happened, then the connection broke",
  slow: "the answer was held back",
  empty_200: "an empty answer that claims success",
  html_200: "a sign-in page instead of an answer",
  malformed_json: "half an answer",
};

/** A target's name for people. @param {string} target */
export function nameOf(target) {
  return NAMES[target] ?? target;
}

/** The fault that a call met, in words. @param {string} kind */
export function faultWords(kind) {
  const late = /^(\d{3})_after$/.exec(kind);
  if (late) return `it happened, but the answer was ${late[1]}`;
  if (/^\d{3}$/.test(kind)) return `refused with ${kind}`;
  return FAULTS[kind] ?? kind;
}

/**
 * How a call went: "ok"; "absent", a look-up that found nothing, which is no failure;
 * "slow", held back by a fault; "failed".
 * @param {any} call @returns {"ok" | "absent" | "slow" | "failed"}
 */
export function outcome(call) {
  const answered = call.status !== null && call.status < 400;
  if (call.fault) return call.fault === "slow" && answered ? "slow" : "failed";
  if (answered) return "ok";
  return call.status === 404 && ["GET", "HEAD"].includes(call.method) ? "absent" : "failed";
}
