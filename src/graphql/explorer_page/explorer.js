const $=id=>document.getElementById(id);let token=null;
async function ask(query,variables){const headers={'Content-Type':'application/json','Accept-Language':document.documentElement.lang};
if(token)headers.Authorization='Bearer '+token;
const answer=await fetch('/graphql',{method:'POST',headers,body:JSON.stringify({query,variables})});return answer.json()}
async function run(){$('answer').textContent='…';let variables=null;
try{variables=$('variables').value.trim()?JSON.parse($('variables').value):null;
$('answer').textContent=JSON.stringify(await ask($('query').value,variables),null,2)}catch(fault){$('answer').textContent=String(fault)}}
$('form').addEventListener('submit',event=>{event.preventDefault();run()});
$('login').addEventListener('submit',async event=>{event.preventDefault();
const said=await ask('mutation($l:String!,$p:String!){login(login:$l,password:$p){... on Session{accessToken} ... on Refusal{code message}}}',
{l:$('name').value,p:$('password').value});const got=said.data&&said.data.login;
token=got&&got.accessToken||null;$('password').value='';
$('who').textContent=token?$('name').value:(got?got.message:JSON.stringify(said.errors))});
document.addEventListener('keydown',event=>{if(event.ctrlKey&&event.key==='Enter'){event.preventDefault();run()}});
const INTROSPECT='{__schema{types{kind name description fields{name description args{name type{name kind ofType{name kind ofType{name}}}}type{name kind ofType{name kind ofType{name kind ofType{name}}}}}}}}';
const named=t=>t.name||(t.kind==='LIST'?'['+named(t.ofType)+']':named(t.ofType)+'!');
$('schema').addEventListener('toggle',async()=>{if(!$('schema').open||$('types').textContent)return;
const types=(await ask(INTROSPECT)).data.__schema.types.filter(t=>t.fields&&!t.name.startsWith('__'));
$('types').textContent=types.map(t=>'type '+t.name+(t.description?'  # '+t.description:'')+'\n'+t.fields.map(f=>'  '+f.name+
(f.args.length?'('+f.args.map(a=>a.name+': '+named(a.type)).join(', ')+')':'')+': '+named(f.type)).join('\n')).join('\n\n')});
