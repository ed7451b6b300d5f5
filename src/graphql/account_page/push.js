/* Word in this browser of what concerns one, in every school where one is somebody. */
const READERS = ["TEACHER", "DIRECTOR", "ADMINISTRATOR", "PARENT", "PUPIL"];
const KINDS = ["GRADE", "ABSENCE", "NOTE", "EXCUSE", "CALENDAR", "ANNOUNCEMENT", "MESSAGE"];
const SCOPE = "/account";
const ACCEPTED = "... on Accepted { position }";
const able = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
let seen = []; // of each school: its id, name, key, browsers and wishes

const WISHES = `query ($school: ID!, $after: Int) {
  myPushDevices(school: $school, afterPosition: $after) { applicationServerKey devices { deviceId service endpointSha256 addedAt } }
  myNotificationPreferences(school: $school, afterPosition: $after) {
    kinds { kind byMail byPush } gradeText quiet { starts ends } dailyAt language } }`;

async function wishes(school, name, after) {
  const found = await ask(WISHES, { school, after });
  const { applicationServerKey, devices } = found.myPushDevices;
  return { school, name, key: applicationServerKey, devices, wanted: found.myNotificationPreferences };
}

async function subscribed() {
  if (!able()) return null;
  const registered = await navigator.serviceWorker.getRegistration(SCOPE);
  return registered ? registered.pushManager.getSubscription() : null;
}

async function fingerprint(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function showPush() {
  const own = await subscribed();
  const mine = own && (await fingerprint(own.endpoint));
  const here = seen.some(({ devices }) => devices.some((one) => one.endpointSha256 === mine));
  at("push").hidden = seen.length === 0;
  at("push-state").textContent = able() ? (here ? words.pushOn : words.pushOff) : words.pushUnable;
  at("push-on").hidden = here || !able();
  at("browsers").replaceChildren();
  for (const { school, name, devices } of seen) {
    for (const one of devices) {
      const when = new Date(one.addedAt).toLocaleDateString(document.documentElement.lang);
      const what = `${name}: ${one.service}, ${when}${one.endpointSha256 === mine ? ` (${words.current})` : ""}`;
      const made = item(at("browsers"), `${what} `);
      quietButton(made, words.pushRemove, `${words.pushRemove}: ${what}`, () => turnOff(school, one.deviceId));
    }
  }
}

async function knowPush(identities, names) {
  const schools = identities.filter(({ roles }) => roles.some((role) => READERS.includes(role)));
  seen = await Promise.all(schools.map(({ school }) => wishes(school, names[school] || school, null)));
  await showPush();
}

async function again(school, position) {
  const place = seen.findIndex((one) => one.school === school);
  seen[place] = await wishes(school, seen[place].name, position);
}

async function turnOff(school, deviceId) {
  const types = { school: "ID!", input: "RemovePushDeviceInput!" };
  const done = await mutate("removePushDevice", types, { school, input: { deviceId } }, ACCEPTED);
  if (done.refused) return;
  await again(school, done.position);
  if (!seen.some(({ devices }) => devices.length)) await (await subscribed())?.unsubscribe();
  await showPush();
  tell("done", words.pushRemoved);
}

/* Who never said what they want to be told of here, wants all of it. */
async function wantAll({ school, wanted }) {
  if (wanted.kinds.some(({ byPush }) => byPush !== "NONE")) return { position: null };
  const mails = Object.fromEntries(wanted.kinds.map(({ kind, byMail }) => [kind, byMail]));
  const kinds = KINDS.map((kind) => ({ kind, byMail: mails[kind] || "NONE", byPush: "AT_ONCE" }));
  const types = { school: "ID!", input: "SetNotificationPreferencesInput!" };
  const input = { preferences: { ...wanted, kinds } };
  return mutate("setNotificationPreferences", types, { school, input }, ACCEPTED);
}

async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") {
    tell("fault", words.pushDenied);
    return;
  }
  await navigator.serviceWorker.register("/push-worker.js", { scope: SCOPE });
  const { pushManager } = await navigator.serviceWorker.ready;
  // Whoever used this browser before is told here no more: a new address is known to one person alone.
  await (await pushManager.getSubscription())?.unsubscribe();
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: seen[0].key });
  const { endpoint, keys } = made.toJSON();
  for (const one of [...seen]) {
    const input = { endpoint, p256dh: keys.p256dh, auth: keys.auth };
    const types = { school: "ID!", input: "AddPushDeviceInput!" };
    const added = await mutate("addPushDevice", types, { school: one.school, input }, ACCEPTED);
    if (added.refused) return;
    const wanted = await wantAll(one);
    if (wanted.refused) return;
    await again(one.school, wanted.position || added.position);
  }
  await showPush();
  tell("done", words.pushAdded);
}

at("push-on").addEventListener("click", () => turnOn().catch((fault) => tell("fault", fault.message)));
