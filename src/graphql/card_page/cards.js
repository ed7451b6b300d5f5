'use strict';
const $ = id => document.getElementById(id);
const words = JSON.parse(document.body.dataset.words);
const lang = document.documentElement.lang;
let session = null, person = null, serial = 0;

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
const word = (kind, key) => (words[kind] && words[kind][key]) || key;
const tell = text => { $('told').textContent = text };

function made(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...inside);
  return element;
}

async function post(query, variables) {
  const headers = { 'Content-Type': 'application/json', 'Accept-Language': lang };
  if (session) headers.Authorization = 'Bearer ' + session.accessToken;
  const answer = await fetch('/graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  return answer.json();
}

// The answer's one field. A session that ran out is renewed once.
async function ask(query, variables, again = true) {
  const answer = await post(query, variables);
  const fault = answer.errors && answer.errors[0];
  if (fault && session && again && (fault.extensions || {}).code === words.over) {
    const old = session.refreshToken;
    session = null;
    const got = await ask('mutation($t:String!){refresh(refreshToken:$t){...on Session{accessToken refreshToken}...on Refusal{message}}}', { t: old }, false);
    if (!got.accessToken) throw new Error(got.message);
    session = got;
    return ask(query, variables, false);
  }
  if (fault) throw new Error(fault.message);
  return Object.values(answer.data)[0];
}

// One thing at a time. The button keeps the focus: a disabled one would lose it.
let busy = false;
async function guarded(work, button) {
  if (busy) return;
  busy = true;
  if (button) button.setAttribute('aria-disabled', 'true');
  try { await work() } catch (fault) { tell(fault.message || String(fault)); $('told').focus() } finally {
    busy = false;
    if (button) button.removeAttribute('aria-disabled');
  }
}

const LOGIN = 'mutation($l:String!,$p:String!){login(login:$l,password:$p){...on Session{accessToken refreshToken}...on Refusal{message}}}';
const ME = '{me{identities{school givenNames familyName roles}}}';
const CLASSES = 'query($s:ID!,$a:Int){waitingCards(school:$s,afterPosition:$a){classId name waiting}}';
const SCANS = 'query($s:ID!,$a:Int){cardScans(school:$s,afterPosition:$a){id receivedAt waiting aside{page why message cardId picture}}}';
const SHEET = `{cardId scanId page readAt title actingAs lessonsApplied alsoIn{page readAt sameMarks} conflict{code message}
lessons{number on period subject teacher appliedAt actingAs topics writtenTopic notesPicture conflict{message}}
fields{line name field lesson read open decided choices picture linePicture cells{value picture}}}`;
const QUEUE = `query($s:ID!,$c:ID!,$a:Int){cardQueue(school:$s,classId:$c,afterPosition:$a)${SHEET}}`;
const SCAN_QUEUE = `query($s:ID!,$c:ID!,$a:Int){scanQueue(school:$s,scanId:$c,afterPosition:$a)${SHEET}}`;
const OUTCOME = '{...on Accepted{position facts id}...on Refusal{code message}}';
const DECIDE = `mutation($s:ID!,$i:DecideFieldInput!,$r:Role){decideField(school:$s,input:$i,actingAs:$r)${OUTCOME}}`;
const TRANSCRIBE = `mutation($s:ID!,$i:TranscribeTopicInput!,$r:Role){transcribeTopic(school:$s,input:$i,actingAs:$r)${OUTCOME}}`;
const NAME = `mutation($s:ID!,$n:ID!,$p:Int!,$c:ID!){namePage(school:$s,scanId:$n,page:$p,cardId:$c)${OUTCOME}}`;
const APPLY = `mutation($s:ID!,$c:ID!,$n:ID!,$l:Int,$r:Role){applyCard(school:$s,cardId:$c,scanId:$n,lesson:$l,actingAs:$r)${OUTCOME}}`;

$('login').addEventListener('submit', event => {
  event.preventDefault();
  guarded(async () => {
    session = null;
    const got = await ask(LOGIN, { l: $('name').value, p: $('password').value });
    $('password').value = '';
    if (!got.accessToken) { $('who').textContent = got.message; return }
    session = got;
    person = (await ask(ME)).identities;
    $('who').textContent = person.length ? person[0].givenNames + ' ' + person[0].familyName : $('name').value;
    $('school').replaceChildren(...person.map(one => made('option', { value: one.school }, one.school)));
    $('places').hidden = false;
    await piles();
    await printer();
    $('pile').focus();
  }, event.submitter);
});

const when = moment => new Date(moment).toLocaleString(lang, { dateStyle: 'medium', timeStyle: 'short' });

// Cards wait by class, or by the scan that they came in with. What was chosen stays, also when nothing is left of it.
let scans = [];
async function piles(position = null) {
  const kept = $('pile').value, asked = { s: $('school').value, a: position };
  const found = await ask(CLASSES, asked);
  scans = await ask(SCANS, asked);
  const options = [
    ...found.map(one => ['classes', 'class ' + one.classId, filled(words.waiting, one)]),
    ...scans.map(one => ['scans', 'scan ' + one.id, filled(words.scan, { ...one, when: when(one.receivedAt) })]),
  ];
  $('pile').replaceChildren(...['classes', 'scans'].filter(kind => options.some(one => one[0] === kind)).map(kind => made('optgroup', { label: words.piles[kind] },
    ...options.filter(one => one[0] === kind).map(([, value, text]) => made('option', { value }, text)))));
  if (options.some(one => one[1] === kept)) $('pile').value = kept;
  if (!options.length) { tell(words.nothing); $('sheets').replaceChildren() }
}

$('school').addEventListener('change', () => guarded(async () => { await piles(); await printer() }));
$('choose').addEventListener('submit', event => { event.preventDefault(); guarded(() => show(), event.submitter) });

async function show(position = null) {
  if (!$('pile').value) return;
  const [kind, id] = $('pile').value.split(' ');
  const sheets = await ask(kind === 'scan' ? SCAN_QUEUE : QUEUE, { s: $('school').value, c: id, a: position });
  const ids = [...new Set([...(kind === 'scan' ? [id] : []), ...sheets.map(one => one.scanId)])];
  $('sheets').replaceChildren(...ids.map(one => scan(one, sheets.filter(sheet => sheet.scanId === one))));
  tell(filled(sheets.length ? words.found : words.nothing, { count: sheets.length }));
  const first = $('sheets').querySelector('h3') || $('sheets').querySelector('h2');
  (first || $('told')).focus();
}

// A scan with its cards, and with the pages that gave none.
function scan(id, sheets) {
  const known = scans.find(one => one.id === id), aside = known ? known.aside : [];
  const head = 'n' + (++serial);
  const pages = aside.length && made('details', { open: !sheets.length }, made('summary', {}, filled(words.aside, { count: aside.length })), made('ul', { class: 'pages' }, ...aside.map(one =>
    page({ ...one, card: one.cardId || '' }, filled(words.asidePage, { ...one, card: one.cardId || '' }), id))));
  return made('section', { 'aria-labelledby': head },
    made('h2', { id: head, tabindex: '-1' }, filled(words.scanHead, { when: when(known ? known.receivedAt : sheets[0].readAt) })),
    ...(pages ? [pages] : []), ...sheets.map(sheet));
}

// A page without a card that counts: which one it is can be seen, small.
function page(one, text, scanId) {
  const picture = one.picture && made('img', { src: one.picture, alt: filled(words.pagePicture, one), loading: 'lazy', class: 'page' });
  const form = one.why === 'no_identity' && nameForm(scanId, one.page);
  return made('li', {}, text, ...(picture ? [picture] : []), ...(form ? [form] : []));
}

// A card that nothing on its page names: whoever has the paper types its number.
function nameForm(scanId, page) {
  const school = $('school').value, id = 'n' + (++serial);
  const input = made('input', { id, required: true, maxlength: 20, autocomplete: 'off', autocapitalize: 'characters', spellcheck: 'false' });
  const fault = made('p', { class: 'fault', role: 'alert', tabindex: '-1' });
  const form = made('form', { class: 'name' }, made('div', {}, made('label', { for: id }, filled(words.number, { page })), input),
    made('button', { class: 'second' }, words.name), fault);
  form.addEventListener('submit', event => {
    event.preventDefault();
    fault.textContent = '';
    guarded(async () => {
      const got = await ask(NAME, { s: school, n: scanId, p: page, c: input.value });
      if (got.code) { fault.textContent = got.message; fault.focus(); return }
      const done = filled(words.named, { card: got.id });
      form.replaceWith(made('p', {}, done));
      await piles(got.position);
      await show(got.position);
      tell(done + ' ' + $('told').textContent);
    }, event.submitter);
  });
  return form;
}

function fieldName(sheet, field) {
  const [kind, number] = field.field.split('-');
  const lesson = sheet.lessons.find(one => String(one.number) === number);
  const place = field.line ? field.line + '. ' + (field.name || words.nobodyThere) : words.teacher;
  return place + ' – ' + word('fields', kind) + (lesson ? ' (' + lesson.period + '. ' + lesson.subject + ')' : '');
}

function choiceName(sheet, field, value) {
  const [kind, number] = field.field.split('-');
  if (kind === 'topic') {
    const lesson = sheet.lessons.find(one => String(one.number) === number);
    const topic = lesson && lesson.topics[Number(value.split('-')[1]) - 1];
    if (topic) return topic;
  }
  return word('values', value);
}

// Whoever sees all of a card gets pictures of whole lines, others those of their lessons' cells.
const sees = sheet => sheet.lessons.every(one => one.notesPicture);

function fieldset(sheet, field) {
  const id = 'f' + (++serial), name = fieldName(sheet, field);
  const said = field.decided || (field.open ? null : field.read);
  const chosen = said && (said[0] || '');
  const options = [...field.choices, ''].map(value => made('label', {}, made('input', {
    type: 'radio', name: id, value, required: field.open, checked: chosen === value,
  }), value ? choiceName(sheet, field, value) : words.none));
  const cells = field.cells.length ? field.cells : [{ picture: field.picture }];
  const near = cells.map(one => {
    const alt = filled(one.value ? words.cell : words.noMark, { name, value: one.value && choiceName(sheet, field, one.value) });
    return made('img', { src: one.picture, alt, loading: 'lazy', width: 80, height: 80, class: 'cell' });
  });
  const whole = sees(sheet);
  const line = made('img', { src: field.linePicture, alt: filled(words.picture, { name }), loading: 'lazy', width: whole ? 1328 : 224, height: 80, class: whole ? 'line' : 'line part' });
  const box = made('fieldset', { class: field.open && 'open' },
    made('legend', { 'data-open': words.open }, name),
    made('div', { class: 'pictures' }, ...near, line),
    made('div', { class: 'choices' }, ...options));
  box.said = () => { const on = box.querySelector('input:checked'); return on && on.value !== chosen ? { field, values: on.value ? [on.value] : [] } : null };
  return box;
}

function topic(lesson) {
  const id = 't' + (++serial);
  const input = made('input', { id, value: lesson.writtenTopic || '', maxlength: 500 });
  input.said = () => input.value.trim() === (lesson.writtenTopic || '') ? null : { lesson: lesson.number, topic: input.value };
  return made('fieldset', {}, made('legend', {}, words.byHand),
    made('img', { src: lesson.notesPicture, alt: words.notes, loading: 'lazy', width: 1264, height: 64 }),
    made('p', { class: 'topic' }, made('label', { for: id }, filled(words.topic, lesson)), input));
}

// What is to be said of a lesson, or of a column: what is open first, what is sure can be opened.
function fields(sheet, some, lesson) {
  const boxes = open => some.filter(field => field.open === open).map(field => fieldset(sheet, field));
  const sure = boxes(false);
  const rest = sure.length && made('details', {}, made('summary', {}, filled(words.rest, { count: sure.length })), ...sure);
  return [...boxes(true), ...(lesson ? [topic(lesson)] : []), ...(rest ? [rest] : [])];
}

function lessonPart(sheet, lesson, several) {
  const some = fields(sheet, sheet.fields.filter(field => field.lesson === lesson.number), lesson);
  if (sheet.lessons.length < 2) return made('div', { 'data-lesson': lesson.number }, ...some);
  const id = 'l' + (++serial);
  const conflict = lesson.conflict ? [made('p', { class: 'fault' }, lesson.conflict.message)] : [];
  const button = several ? [made('button', { value: lesson.number, class: 'second', formnovalidate: true }, words.applyLesson)] : [];
  return made('div', { role: 'group', 'aria-labelledby': id, 'data-lesson': lesson.number },
    made('h4', { id }, filled(words.lesson, lesson)), ...conflict, ...some, ...button);
}

// How far a card of several lessons is, and whom the others wait for.
function progress(sheet) {
  if (!sheet.lessons.length || (sheet.lessons.length < 2 && sheet.lessons[0].actingAs)) return [];
  const lines = sheet.lessons.map(one => {
    const state = words.lessonStates[one.appliedAt ? 'applied' : one.actingAs ? 'own' : 'waits'];
    return made('li', {}, filled(words.lessonLine, { ...one, teacher: one.teacher || '–', state }));
  });
  const told = filled(words.progress, { applied: sheet.lessonsApplied, total: sheet.lessons.length });
  return [made('p', {}, told), made('ul', { class: 'lessons' }, ...lines)];
}

function sheet(found) {
  const days = [...new Set(found.lessons.map(one => one.on))].join(', ');
  const head = made('h3', { tabindex: '-1' }, [found.title, days, found.cardId].filter(Boolean).join(' · '));
  const copies = found.alsoIn.map(one => made('p', { class: one.sameMarks ? 'copy' : 'copy fault' },
    filled(one.sameMarks ? words.sameMarks : words.otherMarks, { ...one, when: when(one.readAt) })));
  const article = made('article', {}, head, ...copies, ...progress(found));
  const own = found.lessons.filter(one => one.actingAs);
  if (!own.length && !found.actingAs) { article.append(made('p', {}, words.notYours)); return article }
  const numbers = found.lessons.map(one => one.number);
  const others = found.actingAs ? found.fields.filter(field => !numbers.includes(field.lesson)) : [];
  const conflict = found.conflict && found.lessons.length < 2 ? [made('p', { class: 'fault' }, found.conflict.message)] : [];
  const fault = made('p', { class: 'fault', role: 'alert', tabindex: '-1' });
  const apply = made('button', { value: 'apply' }, words.apply);
  const save = made('button', { value: 'save', class: 'second', formnovalidate: true }, words.save);
  const form = made('form', {}, ...own.map(one => lessonPart(found, one, own.length > 1)), ...fields(found, others, null),
    fault, made('div', { class: 'do' }, apply, save));
  article.append(...conflict, form);
  form.addEventListener('submit', event => {
    event.preventDefault();
    fault.textContent = '';
    const what = event.submitter.value, part = form.querySelector(`[data-lesson="${Number(what)}"]`);
    const bad = part && [...part.querySelectorAll('input')].find(input => !input.checkValidity());
    if (bad) { bad.reportValidity(); return }
    guarded(() => decided(found, part || form, fault, what), event.submitter);
  });
  return article;
}

// Lessons to enter one by one, or the whole rest of the card at once.
function parts(found, what) {
  const own = found.lessons.filter(one => one.actingAs);
  if (what === 'save') return [];
  if (what === 'apply' && found.actingAs) return [{ number: null, actingAs: found.actingAs }];
  return what === 'apply' ? own : own.filter(one => one.number === Number(what));
}

async function decided(found, within, fault, what) {
  const s = $('school').value, about = { cardId: found.cardId, scanId: found.scanId };
  const role = number => (found.lessons.find(one => one.number === number) || found).actingAs;
  let position = null;
  const give = async (query, variables) => {
    const got = await ask(query, { s, ...variables });
    if (got.code) { fault.textContent = got.message; fault.focus(); return false }
    position = got.position;
    return true;
  };
  for (const box of within.querySelectorAll('fieldset')) {
    const said = box.said && box.said();
    const i = said && { ...about, line: said.field.line, field: said.field.field, values: said.values };
    if (said && !await give(DECIDE, { i, r: role(said.field.lesson) })) return;
  }
  for (const input of within.querySelectorAll('.topic input')) {
    const said = input.said();
    if (said && !await give(TRANSCRIBE, { i: { ...about, ...said }, r: role(said.lesson) })) return;
  }
  const entered = parts(found, what);
  for (const part of entered) {
    if (!await give(APPLY, { c: found.cardId, n: found.scanId, l: part.number, r: part.actingAs })) {
      // What was said just now may have opened another field.
      if (position) { const why = fault.textContent; await show(position); tell(why) }
      return;
    }
  }
  await piles(position);
  await show(position);
  tell(outcome(found, entered) + ' ' + $('told').textContent);
}

function outcome(found, entered) {
  const total = found.lessons.length, whole = entered.some(part => part.number === null);
  const applied = whole ? total : found.lessonsApplied + entered.length;
  const said = !entered.length ? words.saved : applied < total ? words.appliedPart : words.applied;
  return filled(said, { card: found.cardId, applied, total });
}

$('send').addEventListener('submit', event => {
  event.preventDefault();
  guarded(async () => {
    let position = null;
    $('sent').replaceChildren();
    for (const file of $('files').files) {
      const headers = { 'Accept-Language': lang, Authorization: 'Bearer ' + session.accessToken };
      const answer = await fetch('/scans?school=' + encodeURIComponent($('school').value), { method: 'POST', headers, body: file });
      const got = await answer.json();
      if (got.position) position = got.position;
      const said = one => filled(words.page, { page: one.page, card: one.card || '', state: word('states', one.state) }) + (one.message ? ' – ' + one.message : '');
      const pages = got.sheets || [{ message: got.message }];
      $('sent').append(...pages.map(one => page({ ...one, why: one.reason }, file.name + ': ' + (one.page ? said(one) : one.message), got.scan)));
    }
    $('send').reset();
    await piles(position);
    await show();
  }, event.submitter);
});
