"use strict";
const words = JSON.parse(document.getElementById("words").textContent);
const at = (id) => document.getElementById(id);
const REFUSED = "... on Refusal { code message details { name value } }";
let session = null; // lives as long as the page

async function ask(query, variables = {}) {
  const headers = { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang };
  if (session) headers.Authorization = `Bearer ${session.accessToken}`;
  const answer = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  const said = await answer.json();
  if (said.errors) throw new Error(said.errors[0].message);
  return said.data;
}

function tell(place, text) {
  at("fault").textContent = at("done").textContent = "";
  at(place).textContent = text;
  if (text) at(place).focus();
}

/* One mutation with the fields of a form; a refusal is told, everything else handed on. */
async function mutate(name, parameters, variables, yields) {
  const declared = Object.entries(parameters).map(([key, type]) => `$${key}: ${type}`).join(", ");
  const given = Object.keys(parameters).map((key) => `${key}: $${key}`).join(", ");
  const data = await ask(`mutation (${declared}) { it: ${name}(${given}) { ${yields} ${REFUSED} } }`, variables);
  if (data.it.code && data.it.message) {
    tell("fault", data.it.message);
    return { refused: data.it.code, details: data.it.details };
  }
  return data.it;
}

function onSubmit(id, act) {
  at(id).addEventListener("submit", async (event) => {
    event.preventDefault();
    tell("done", "");
    try {
      await act(Object.fromEntries(new FormData(event.target)), event.target);
    } catch (fault) {
      tell("fault", fault.message);
    }
  });
}

const SESSION = "... on Session { accountId accessToken refreshToken expiresIn }";
const DONE = "... on Done { done }";

async function entered(found) {
  if (found.refused) return false;
  session = found;
  document.querySelectorAll("form").forEach((form) => form.reset());
  await show();
  return true;
}

async function renew() {
  const found = await mutate("refresh", { refreshToken: "String!" }, { refreshToken: session.refreshToken }, SESSION);
  if (!found.refused) session = found;
}

function item(list, text) {
  const made = document.createElement("li");
  made.textContent = text;
  list.append(made);
  return made;
}

function quietButton(place, text, label, act) {
  const button = document.createElement("button");
  button.className = "quiet";
  button.type = "button";
  button.textContent = text;
  if (label !== text) button.setAttribute("aria-label", label);
  button.addEventListener("click", () => act().catch((fault) => tell("fault", fault.message)));
  place.append(button);
}

let known = []; // the providers of this installation, by name and label
const labelOf = (name) => (known.find((one) => one.name === name) || { label: name }).label;

/* Through whom the account can be entered, and through whom it could be. */
function showLinked(linked) {
  at("external").hidden = known.length + linked.length === 0;
  at("linked").replaceChildren();
  at("u-provider").replaceChildren(...linked.map((name) => new Option(labelOf(name), name)));
  at("unlink").hidden = linked.length === 0;
  linked.forEach((name) => item(at("linked"), `${labelOf(name)}: ${words.linkedTo}`));
  for (const one of known.filter(({ name }) => !linked.includes(name))) {
    const made = item(at("linked"), `${one.label}: ${words.notLinked} `);
    quietButton(made, words.link, `${words.link}: ${one.label}`, () => goOut(one, true));
  }
}

/* Each child, and a button that takes out all about them. */
function showChildren(children, names) {
  at("family").hidden = children.length === 0;
  at("children").replaceChildren();
  for (const { school, pupil } of children) {
    const who = `${pupil.givenNames} ${pupil.familyName}`;
    const made = item(at("children"), `${who} – ${names[school] || school} `);
    quietButton(made, words.takeOut, `${words.takeOut}: ${who}`, () => takeOut(school, pupil.personId));
  }
}

async function takeOut(school, pupilId) {
  tell("done", words.takingOut);
  const headers = { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang };
  headers.Authorization = `Bearer ${session.accessToken}`;
  const answer = await fetch("/family-export", { method: "POST", headers, body: JSON.stringify({ school, pupilId }) });
  if (!answer.ok) {
    tell("fault", (await answer.json()).message);
    return;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = "dziennik.zip";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  tell("done", words.takenOut);
}

async function show() {
  const inside = session !== null;
  at("outside").hidden = inside;
  at("inside").hidden = !inside;
  if (!inside) return;
  const told = await ask(`{ me { identities { school givenNames familyName roles rolesWithheld } } mySchools { id name }
    myChildren { school pupil { personId givenNames familyName } }
    myAccount { login secondFactor recoveryAddress externalProviders } mySessions { id seenAt device address current } }`);
  const names = Object.fromEntries(told.mySchools.map((school) => [school.id, school.name]));
  at("identities").replaceChildren();
  item(at("identities"), `${words.login}: ${told.myAccount.login}`);
  for (const one of told.me.identities) {
    const roles = one.roles.map((role) => words[role] || role).join(", ");
    const held = one.rolesWithheld.map((role) => words[role] || role).join(", ");
    const who = `${one.givenNames} ${one.familyName} – ${names[one.school] || one.school}`;
    item(at("identities"), [who, roles, held && `${words.withheld}: ${held}`].filter(Boolean).join("; "));
  }
  showChildren(told.myChildren, names);
  at("factor-state").textContent = told.myAccount.secondFactor ? words.factorOn : words.factorOff;
  at("factor-begin").hidden = told.myAccount.secondFactor || !at("factor-confirm").hidden;
  at("factor-remove").hidden = !told.myAccount.secondFactor;
  at("mail-remove").hidden = !told.myAccount.recoveryAddress;
  at("mail-state").textContent = told.myAccount.recoveryAddress || words.noAddress;
  await knowPush(told.me.identities, names);
  showLinked(told.myAccount.externalProviders);
  at("sessions").replaceChildren();
  for (const one of told.mySessions) {
    const when = new Date(one.seenAt).toLocaleString(document.documentElement.lang);
    const made = item(at("sessions"), `${when}, ${one.device || one.address}${one.current ? ` (${words.current})` : ""} `);
    if (one.current) continue;
    quietButton(made, words.end, `${words.end}: ${when}`, async () => {
      await mutate("endSession", { sessionId: "ID!" }, { sessionId: one.id }, DONE);
      await show();
    });
  }
}

onSubmit("login", async (given) => {
  const found = await mutate(
    "login",
    { login: "String!", password: "String!", secondFactor: "String", newPassword: "String" },
    given,
    SESSION,
  );
  at("factor").hidden = at("factor").hidden && found.refused !== "ACCESS.SECOND_FACTOR_WANTED";
  at("expired").hidden = at("expired").hidden && found.refused !== "ACCESS.PASSWORD_EXPIRED";
  if (found.refused === "ACCESS.SECOND_FACTOR_WANTED") at("l-factor").focus();
  if (found.refused === "ACCESS.PASSWORD_EXPIRED") at("l-new").focus();
  if (!(await entered(found))) return;
  at("factor").hidden = at("expired").hidden = true;
  if (toLink) await link(given.newPassword || given.password);
});

let toLink = null; // what a provider sent back for an account that has yet to log in

async function link(password) {
  const types = { password: "String!", attempt: "String!", code: "String!", state: "String!" };
  const found = await mutate("linkExternalIdentity", types, { password, ...toLink }, DONE);
  toLink = null;
  if (found.refused) return;
  await show();
  tell("done", words.linked);
}

onSubmit("unlink", async (given, form) => {
  const types = { password: "String!", provider: "String!" };
  const found = await mutate("unlinkExternalIdentity", types, given, DONE);
  if (found.refused) return;
  form.reset();
  await show();
  tell("done", words.unlinked);
});

function purpose() {
  const wanted = at("code").elements.purpose.value;
  at("c-login-part").hidden = wanted === "reset";
  at("c-login").required = wanted !== "reset";
}
at("code").addEventListener("change", purpose);

onSubmit("code", async (given, form) => {
  if (given.purpose === "reset") {
    const { code, password } = given;
    const found = await mutate("resetPassword", { code: "String!", password: "String!" }, { code, password }, DONE);
    if (found.refused) return;
    form.reset();
    purpose();
    tell("done", words.passwordSet);
    return;
  }
  const { code, login, password } = given;
  const types = { code: "String!", login: "String!", password: "String!" };
  if (await entered(await mutate("activateAccount", types, { code, login, password }, SESSION))) {
    tell("done", words.activated);
  }
});

onSubmit("forgot", async (given) => {
  const found = await mutate("requestPasswordReset", { login: "String!" }, given, DONE);
  if (!found.refused) tell("done", words.sent);
});

onSubmit("add", async (given, form) => {
  const found = await mutate("addIdentity", { code: "String!" }, given, "... on Accepted { position }");
  if (found.refused) return;
  form.reset();
  await show();
  tell("done", words.added);
});

onSubmit("factor-begin", async (given, form) => {
  const yields = "... on SecondFactorBegun { secret qrSvg }";
  const found = await mutate("beginSecondFactor", { password: "String!" }, given, yields);
  if (found.refused) return;
  form.reset();
  form.hidden = true;
  const picture = new DOMParser().parseFromString(found.qrSvg, "image/svg+xml").documentElement;
  at("qr").replaceChildren(picture);
  at("secret").textContent = found.secret.match(/.{1,4}/g).join(" ");
  at("factor-confirm").hidden = false;
  at("o-code").focus();
});

onSubmit("factor-confirm", async (given, form) => {
  const found = await mutate("confirmSecondFactor", { code: "String!" }, given, "... on RecoveryCodes { codes }");
  if (found.refused) return;
  form.reset();
  form.hidden = true;
  at("qr").replaceChildren();
  at("secret").textContent = "";
  at("recovery-codes").replaceChildren();
  found.codes.forEach((code) => item(at("recovery-codes"), code));
  at("recovery").hidden = false;
  await renew();
  await show();
  at("recovery").focus();
});

onSubmit("factor-remove", async (given, form) => {
  const types = { password: "String!", secondFactor: "String!" };
  const found = await mutate("removeSecondFactor", types, given, DONE);
  if (found.refused) return;
  form.reset();
  at("recovery").hidden = true;
  await renew();
  await show();
  tell("done", words.factorOff);
});

onSubmit("change", async (given) => {
  const types = { password: "String!", newPassword: "String!" };
  if (await entered(await mutate("changePassword", types, given, SESSION))) tell("done", words.passwordSet);
});

onSubmit("mail", async (given) => {
  const types = { password: "String!", address: "String!" };
  const found = await mutate("proposeRecoveryAddress", types, given, DONE);
  if (found.refused) return;
  at("mail-confirm").hidden = false;
  tell("done", words.sent);
  at("m-code").focus();
});

onSubmit("mail-confirm", async (given, form) => {
  const found = await mutate("confirmRecoveryAddress", { code: "String!" }, given, DONE);
  if (found.refused) return;
  form.reset();
  form.hidden = true;
  await show();
  tell("done", words.addressSet);
});

onSubmit("mail-remove", async (given, form) => {
  const found = await mutate("removeRecoveryAddress", { password: "String!" }, given, DONE);
  if (found.refused) return;
  form.reset();
  await show();
  tell("done", words.noAddress);
});

at("end-others").addEventListener("click", async () => {
  await ask("mutation { endOtherSessions }");
  await show();
});

at("logout").addEventListener("click", async () => {
  const refreshToken = session.refreshToken;
  await ask("mutation ($refreshToken: String!) { logout(refreshToken: $refreshToken) }", { refreshToken });
  session = null;
  at("recovery").hidden = true;
  at("recovery-codes").replaceChildren();
  await show();
});

const KEPT = "dziennik-external";

/* To the provider and back; what must be known then is kept by the browser's tab. */
async function goOut(one, linking) {
  const variables = { provider: one.name, redirectUri: location.origin + location.pathname };
  const types = { provider: "String!", redirectUri: "String!" };
  const found = await mutate("beginExternalLogin", types, variables, "... on ExternalLoginBegun { url attempt }");
  if (found.refused) return;
  sessionStorage.setItem(KEPT, JSON.stringify({ attempt: found.attempt, linking }));
  location.assign(found.url);
}

async function providers() {
  known = (await ask("{ loginProviders { name label } }")).loginProviders;
  known.forEach((one) => quietButton(at("providers"), one.label, one.label, () => goOut(one, false)));
}

async function comeBack() {
  const query = new URLSearchParams(location.search);
  const kept = sessionStorage.getItem(KEPT);
  if (!kept || !query.get("state")) return;
  sessionStorage.removeItem(KEPT);
  history.replaceState(null, "", location.pathname);
  const { attempt, linking } = JSON.parse(kept);
  const back = { attempt, code: query.get("code") || "", state: query.get("state") };
  if (!back.code) {
    tell("fault", words.cameBackEmpty);
    return;
  }
  if (linking) {
    toLink = back;
    tell("done", words.linkByLogin);
    return;
  }
  const types = { attempt: "String!", code: "String!", state: "String!", secondFactor: "String!" };
  let given = { ...back, secondFactor: "" };
  let found = await mutate("finishExternalLogin", types, given, SESSION);
  const next = (found.details || []).find((detail) => detail.name === "continuation");
  if (found.refused === "ACCESS.SECOND_FACTOR_WANTED" && next) {
    const secondFactor = window.prompt(words.factor) || "";
    given = { attempt: next.value, code: "", state: "", secondFactor };
    found = await mutate("finishExternalLogin", types, given, SESSION);
  }
  await entered(found);
}

/* The code that a letter or a mail brings along stands after #, which no server sees; it leaves the address. */
function broughtAlong() {
  const [kind, code] = location.hash.slice(1).split("=");
  if (!code || !["activate", "reset"].includes(kind)) return;
  history.replaceState(null, "", location.pathname);
  at("c-code").value = decodeURIComponent(code);
  at("code").elements.purpose.value = kind;
  purpose();
  at(kind === "reset" ? "c-password" : "c-login").focus();
}

broughtAlong();
purpose();
Promise.all([providers(), comeBack()]).catch((fault) => tell("fault", fault.message));
