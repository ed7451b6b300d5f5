// Printing cards: for lessons of some days, or for a column of grades; and once more what was printed.
const PLACES = 'query($s:ID!,$a:Int){cardPlaces(school:$s,afterPosition:$a){classId name}}';
const COLUMNS = 'query($s:ID!,$c:ID!){cardColumns(school:$s,classId:$c){id subject title on}}';
const PRINTINGS = 'query($s:ID!,$c:ID!,$a:Int){cardPrintings(school:$s,classId:$c,afterPosition:$a){issuedAt title cards address}}';
const STOCK = 'query($s:ID!,$a:Int){cardStock(school:$s,afterPosition:$a){granted printed spoilt voided scanned left}}';
const PRINT = 'mutation($s:ID!,$i:PrintCardsInput!,$k:String){printCards(school:$s,input:$i,idempotencyKey:$k){...on PrintedCards{position cards address unprintable{card numbers}}...on Refusal{code message}}}';
const SEES_STOCK = ['DIRECTOR', 'ADMINISTRATOR', 'AUDITOR'], PRINTS = ['DIRECTOR', 'ADMINISTRATOR', 'TEACHER'];

const held = roles => person.some(one => one.school === $('school').value && one.roles.some(role => roles.includes(role)));

async function printer(position = null) {
  $('print').hidden = !held(PRINTS);
  if (!$('print').hidden) {
    const kept = $('p-class').value;
    const found = await ask(PLACES, { s: $('school').value, a: position });
    $('p-class').replaceChildren(...found.map(one => made('option', { value: one.classId }, one.name)));
    if (found.some(one => one.classId === kept)) $('p-class').value = kept;
    await printable(position);
  }
  $('stock').hidden = !held(SEES_STOCK);
  if (!$('stock').hidden) $('stock').textContent = filled(words.stock, await ask(STOCK, { s: $('school').value, a: position }));
}

// The columns of the chosen class, and what was printed for it before.
async function printable(position = null) {
  const asked = { s: $('school').value, c: $('p-class').value };
  if (!asked.c) { $('p-column').replaceChildren(); $('printed').replaceChildren(); return }
  const kept = $('p-column').value, columns = await ask(COLUMNS, asked);
  $('p-column').replaceChildren(made('option', { value: '' }, words.lessons),
    ...columns.map(one => made('option', { value: one.id }, filled(words.column, one))));
  if (columns.some(one => one.id === kept)) $('p-column').value = kept;
  forLessons();
  const printings = await ask(PRINTINGS, { ...asked, a: position });
  $('printed').replaceChildren(...printings.map(one => made('li', {}, paper(one, filled(words.printing, { ...one, when: when(one.issuedAt), count: one.cards.length })))));
  $('again').hidden = !printings.length;
}

$('p-on').value = new Date().toLocaleDateString('sv'); // as YYYY-MM-DD

const paper = (one, text) => made('a', { href: one.address, target: '_blank', rel: 'noopener' }, text);

// A column has a day of its own, and an hour is one of a single day.
function forLessons() {
  for (const id of ['p-on', 'p-days', 'p-period']) $(id).disabled = Boolean($('p-column').value);
  $('p-period').disabled ||= $('p-days').value !== '1';
}

// The same key until something else is asked for: whoever clicks twice, or gets no answer, prints once.
let printKey = null;
$('print').addEventListener('input', () => { printKey = null });
$('p-class').addEventListener('change', () => guarded(() => printable()));
for (const id of ['p-column', 'p-days']) $(id).addEventListener('change', forLessons);
$('print').addEventListener('submit', event => {
  event.preventDefault();
  guarded(async () => {
    const column = $('p-column').value || null;
    const asked = { classId: $('p-class').value, paper: $('p-paper').value, columnId: column };
    if (!column) Object.assign(asked, { on: $('p-on').value, days: Number($('p-days').value) });
    if (!$('p-period').disabled && $('p-period').value) asked.period = Number($('p-period').value);
    printKey ??= crypto.getRandomValues(new Uint32Array(4)).join('-');
    const got = await ask(PRINT, { s: $('school').value, i: asked, k: printKey });
    if (got.code) { $('paper').replaceChildren(made('span', { class: 'fault' }, got.message)); $('paper').focus(); return }
    printKey = null;
    const link = paper(got, filled(words.paper, { count: got.cards.length }));
    const broken = got.unprintable.map(one => made('p', { class: 'fault' }, filled(words.unprintable, { card: one.card, numbers: one.numbers.join(', ') })));
    $('paper').replaceChildren(link, ...broken);
    link.focus();
    await printer(got.position);
  }, event.submitter);
});
