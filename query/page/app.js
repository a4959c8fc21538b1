// The page: asks the interface for a plan's progress by unit and shows it. What is asked stands in
// the address (#plan=…&unit=…), so that a view can be sent to somebody.

const statuses = {
  met: ['good', '✓', 'Đạt'],
  late: ['warn', '✓', 'Đạt nhưng muộn'],
  on_track: ['way', '→', 'Đúng tiến độ'],
  behind: ['warn', '▼', 'Chậm tiến độ'],
  not_met: ['bad', '✕', 'Không đạt'],
  no_data: ['', '?', 'Chưa có số liệu'],
  not_yet_due: ['', '…', 'Chưa đến hạn'],
  not_applicable: ['', '–', 'Không áp dụng'],
  reference: ['', 'i', 'Để tham khảo'],
};
const comparators = { '>=': '≥', '<=': '≤', '>': '>', '<': '<', '=': '=' };
const measures = {
  percent: '%', activities: 'hoạt động', visits: 'lượt', people: 'người', documents: 'văn bản',
  households: 'hộ', enterprises: 'doanh nghiệp', accounts: 'tài khoản', products: 'sản phẩm',
  sites: 'điểm', teams: 'đội', dossiers: 'hồ sơ', models: 'mô hình', classes: 'lớp',
  units: 'đơn vị', million_vnd: 'triệu đồng', rank: 'hạng',
};
const states = {
  current: 'số liệu hiện hành',
  behind: 'đang cập nhật: có sự kiện chưa tính xong',
  incomplete: 'chưa đủ: có nguồn đang dừng',
  building: 'đang tính chỉ tiêu mới',
};
const levels = {
  centre: 'cấp Trung ương', province: 'cấp tỉnh', district: 'cấp huyện', affiliated: 'trực thuộc',
  commune: 'cấp xã', branch: 'chi đoàn', any: 'mọi cấp',
};
const causes = {
  new_report: 'Báo cáo mới', late_report: 'Báo cáo muộn', correction: 'Đính chính',
  cancellation: 'Hủy bỏ', duplicate: 'Trùng lặp', registration: 'Đăng ký đơn vị',
  reorganisation: 'Sắp xếp đơn vị', definition: 'Kế hoạch thay đổi', grant: 'Phân quyền nguồn',
  rejudged: 'Xét lại', time_passed: 'Theo thời gian',
};
const report_states = {
  submitted: 'đã gửi', approved: 'đã duyệt', reopened: 'mở lại vì sửa sau khi duyệt', returned: 'bị trả lại',
  withdrawn: 'đã rút',
};
const roles = { amount: 'Số lượng', numerator: 'Tử số', denominator: 'Mẫu số', spent: 'Đã chi' };
const reasons = {
  denominator_missing: 'thiếu mẫu số', denominator_zero: 'mẫu số bằng 0',
  nothing_said: 'chưa đơn vị nào báo', no_units: 'không có đơn vị nào',
  only_upper_bound: 'chỉ biết cận trên', overflow: 'vượt quá giới hạn số', building: 'đang tính',
};
const findings = {
  several_sources: 'nhiều nguồn cùng báo', ratio_over_one: 'tử số lớn hơn mẫu số',
  subset_exceeds: 'phần “trong đó” lớn hơn tổng', upper_bound: 'có mục chỉ có số lượng',
  figure_unusable: 'có số liệu báo sai dạng', over_spent: 'chi vượt phân bổ',
  stale: 'số liệu cũ hơn một năm',
};
const refresh_ms = 5000;

const $ = (id) => document.getElementById(id);
const made = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') element.addEventListener('click', value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== ''));
  return element;
};

// Numbers come as JSON numbers, or as text where they are too long for one.
const number_format = new Intl.NumberFormat('vi-VN', { maximumFractionDigits: 6 });
const number = (value) => {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? value.replace('.', ',') : number_format.format(value);
};
const day = (text) => text.slice(0, 10).split('-').reverse().join('/');
const moment = (text) => new Intl.DateTimeFormat('vi-VN', {
  timeZone: 'Asia/Ho_Chi_Minh', day: '2-digit', month: '2-digit', year: 'numeric',
  hour: '2-digit', minute: '2-digit', second: '2-digit',
}).format(new Date(text));
const name_of = (name) => (name ? name.vi ?? name.en : '') ?? '';
const measured = (measure) => measures[measure] ?? measure;

const asked = {
  read() { return Object.fromEntries(new URLSearchParams(location.hash.slice(1))); },
  change(changes) {
    const next = new URLSearchParams({ ...this.read(), ...changes });
    for (const [key, value] of [...next]) if (!value) next.delete(key);
    location.hash = next.toString();
  },
};

class Problem extends Error {}

// Answers {body, etag}. The browser sends the ETag it has; what it has is then shown again.
async function get(path, parameters = {}) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) if (value) query.set(key, value);
  const text = query.toString();
  let response;
  try {
    response = await fetch(path + (text ? '?' + text : ''),
                           { cache: 'no-cache', headers: { 'Accept-Language': 'vi' } });
  } catch {
    throw new Problem('Không liên lạc được với máy chủ. Trang sẽ tự thử lại.');
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(body.detail ?? `Máy chủ trả lời ${response.status}.`);
  return { body, etag: response.headers.get('ETag') };
}
const segment = encodeURIComponent;

const badge = (status, more = '') => {
  const [kind, sign, word] = statuses[status] ?? ['', '?', status];
  return made('span', { class: `badge ${kind}` }, made('span', { 'aria-hidden': 'true' }, sign),
              word + more);
};

// For whom the target is, in words; from the plan's document.
function whom_of(target) {
  const whom = shown.document.targets.find((one) => one.id === target.target_id)?.for;
  if (!whom) return '';
  const level = [whom.level].flat().filter(Boolean).map((one) => levels[one] ?? one).join(', ');
  if (whom.scope === 'each') return `từng đơn vị ${level}`;
  if (whom.scope === 'share') return `tỷ lệ đơn vị ${level} đạt`;
  return level && `đơn vị ${level}`;
}

function share_of_target(target) {
  if (target.status === 'not_applicable' || target.status === 'reference') return undefined;
  const amount = (value) => (value === null || value === undefined ? NaN : Number(value));
  let share = amount(target.value) / amount(target.target);
  if (target.value === null) share = amount(target.numerator) / amount(target.denominator);
  if (target.comparator.startsWith('<') || !Number.isFinite(share)) return undefined;
  return Math.max(0, Math.min(100, share * 100));
}

// What the number does not say by itself.
function remarks_of(target) {
  const of_units = (units, more) => (units.length ? `${more}: ${number(units.length)} đơn vị` : '');
  return [
    reasons[target.reason] ?? '',
    target.bound === 'upper' ? `cận trên; chắc chắn ${number(target.lower)}` : '',
    of_units(target.missing ?? [], 'thiếu mẫu số'), of_units(target.unknown ?? [], 'chưa rõ'),
    target.partial ? 'kỳ báo cáo chưa đủ' : '',
    target.worst_day ? `thấp nhất ngày ${day(target.worst_day)}` : '',
    target.established === false ? 'chưa thành lập đủ' : '',
    target.spent !== undefined ? `đã chi ${number(target.spent)}` : '',
    target.reported !== undefined && target.reported !== null
      ? `báo cáo ghi ${number(target.reported)}` : '',
    ...(target.findings ?? []).map((one) => findings[one] ?? one),
  ].filter(Boolean);
}

function result_cell(target) {
  const parts = [];
  const ratio = target.numerator !== null && target.denominator !== null;
  if (target.value !== null) {
    const sign = target.unit_of_measure === 'percent' ? '%' : '';
    parts.push(made('b', {}, number(target.value) + sign));
    if (!sign) parts.push(made('small', {}, measured(target.unit_of_measure)));
    if (ratio) parts.push(made('small', {}, `${number(target.numerator)} / ${number(target.denominator)}`));
  } else if (ratio) {
    parts.push(made('b', {}, `${number(target.numerator)} / ${number(target.denominator)}`),
               made('small', {}, 'đơn vị đạt'));
  } else {
    parts.push(made('b', {}, '–'));
  }
  if (target.done_on) parts.push(made('small', {}, `xong ngày ${day(target.done_on)}`));
  parts.push(...remarks_of(target).map((remark) => made('small', {}, remark)));
  return made('td', { class: 'number', 'data-label': 'Kết quả' }, ...parts);
}

function target_cell(target) {
  const percent = target.unit_of_measure === 'percent' || target.value === null;
  const sign = comparators[target.comparator] ?? target.comparator;
  const text = target.target === null ? '–' : `${sign} ${number(target.target)}`;
  const measure = target.unit_of_measure === 'percent' ? '%' : measured(target.unit_of_measure);
  return made('td', { class: 'number', 'data-label': 'Mục tiêu' }, text + (measure === '%' ? '%' : ''),
              percent && measure === '%' ? '' : made('small', {}, measure),
              target.last ? made('small', {}, `đến ${day(target.last)}`) : '');
}

function bar_cell(target) {
  const share = share_of_target(target);
  if (share === undefined) return made('td', { class: 'bar' });
  const kind = (statuses[target.status] ?? [''])[0];
  const text = `${Math.floor(share)}%`;
  return made('td', { class: 'bar' },
              made('progress', { max: 100, value: share, class: kind,
                                 'aria-label': `Mức đạt ${text}` }),
              made('span', { class: 'percent', 'aria-hidden': 'true' }, text));
}

function target_row(target) {
  const title = name_of(target.name);
  return made('tr', {},
    made('th', { scope: 'row' }, title,
         made('small', {}, [target.target_id, whom_of(target), target.ref].filter(Boolean).join(' · '))),
    result_cell(target), target_cell(target), bar_cell(target),
    made('td', {}, badge(target.status)),
    made('td', { class: 'actions' },
      made('button', { type: 'button', 'aria-label': `Vì sao: ${title}`,
                       on: () => show_explain(target) }, 'Vì sao'),
      made('button', { type: 'button', 'aria-label': `Lịch sử: ${title}`,
                       on: () => show_history(target) }, 'Lịch sử')));
}

function summary_of(targets) {
  const counts = new Map();
  for (const target of targets) counts.set(target.status, (counts.get(target.status) ?? 0) + 1);
  return Object.keys(statuses).filter((status) => counts.has(status))
    .map((status) => made('li', {}, badge(status, `: ${counts.get(status)}`)));
}

// What is on the page now.
const shown = { plan: null, document: null, unit: '', period: '', as_of: '', etag: '', question: '', all: false };

function basis_text(body) {
  const records = Object.values(body.as_of.streams).reduce((sum, at) => sum + Number(at) + 1, 0);
  const state = states[body.state] ?? body.state;
  return [`Tính đến `, made('strong', {}, moment(body.as_of.moment)),
          ` từ ${number(records)} bản ghi của ${Object.keys(body.as_of.streams).length} luồng; `,
          made('strong', {}, state), body.final ? '; không đổi nữa' : '; có thể còn thay đổi'];
}

function show_progress(body) {
  $('unit_name').textContent = name_of(body.unit_name);
  document.title = `${name_of(body.unit_name)} · tiendo`;
  $('plan_title').textContent = `${name_of(shown.document.title)} · ${day(body.first)} – ${day(body.last)}`;
  const concerned = body.targets.filter((one) => one.status !== 'not_applicable');
  const others = body.targets.length - concerned.length;
  const rows = shown.all ? body.targets : concerned;
  $('target_rows').replaceChildren(...rows.map(target_row));
  $('others').hidden = others === 0;
  $('others').textContent = shown.all ? 'Ẩn chỉ tiêu không áp dụng'
    : `Hiện ${others} chỉ tiêu không áp dụng cho đơn vị này`;
  $('others').onclick = () => { shown.all = !shown.all; show_progress(body); };
  $('summary').replaceChildren(...summary_of(body.targets));
  shown.period = body.period;
}

async function show_crumbs(unit) {
  const { body } = await get(`v1/units/${segment(unit)}`, { as_of: shown.as_of });
  const above = await Promise.all([...body.above].reverse().map(
    async (id) => [id, name_of((await get(`v1/units/${segment(id)}`, { as_of: shown.as_of })).body.name)]));
  $('crumbs').replaceChildren(
    ...above.map(([id, name]) => made('li', {}, unit_link(id, name))),
    made('li', { 'aria-current': 'page' }, name_of(body.name)));
}

function unit_link(id, name) {
  const hash = new URLSearchParams({ ...asked.read(), unit: id });
  return made('a', { href: '#' + hash }, name);
}

async function all_children(unit) {
  const children = [];
  for (let cursor = ''; cursor !== null;) {
    const { body } = await get('v1/units', { parent: unit, as_of: shown.as_of, cursor });
    children.push(...body.units);
    cursor = body.next;
  }
  return children.sort((a, b) => name_of(a.name).localeCompare(name_of(b.name), 'vi'));
}

// A few at a time, so that others are served too.
async function each_few(items, work) {
  const queue = [...items.entries()];
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let next; (next = queue.shift());) await work(next[1], next[0]);
  }));
}

function child_cell(target) {
  const [kind, sign, word] = statuses[target.status] ?? ['', '?', target.status];
  if (target.status === 'not_applicable') return made('td', {}, made('span', { title: word }, '–'));
  const value = target.value !== null ? number(target.value)
    : target.numerator !== null && target.denominator !== null
      ? `${number(target.numerator)}/${number(target.denominator)}` : '';
  return made('td', {}, made('span', { class: `badge ${kind}`, title: `${name_of(target.name)}: ${word}` },
    made('span', { 'aria-hidden': 'true' }, sign), made('span', { class: 'hidden' }, word),
    made('small', {}, value)));
}

async function show_children(unit, question) {
  const children = await all_children(unit);
  $('children').hidden = children.length === 0;
  if (children.length === 0) return;
  const rows = new Array(children.length);
  await each_few(children, async (child, at) => {
    const { body } = await get(`v1/plans/${segment(shown.plan)}/progress`,
                               { unit: child.unit, period: asked_period(), as_of: shown.as_of });
    rows[at] = body.targets;
  });
  if (question !== shown.question) return;
  const concerned = rows[0].map((_, at) => at)
    .filter((at) => rows.some((row) => row[at].status !== 'not_applicable'));
  $('children_caption').textContent = `Đơn vị trực thuộc (${children.length})`;
  $('child_head').replaceChildren(made('tr', {}, made('th', { scope: 'col' }, 'Đơn vị'),
    ...concerned.map((at) => made('th', { scope: 'col', title: name_of(rows[0][at].name) },
                                  rows[0][at].target_id))));
  $('child_rows').replaceChildren(...children.map((child, row) => made('tr', {},
    made('th', { scope: 'row' }, unit_link(child.unit, name_of(child.name))),
    ...concerned.map((at) => child_cell(rows[row][at])))));
  const used = new Set(concerned.flatMap((at) => rows.map((row) => row[at].status)));
  $('legend').replaceChildren(...Object.keys(statuses).filter((status) => used.has(status))
    .map((status) => made('li', {}, badge(status))));
}

// --- The panel ---

// Own or subtree, as the target asks; left out where neither it nor its indicator says.
function extent_of(target) {
  const whole = shown.document.targets.find((one) => one.id === target.target_id);
  return whole?.for?.of;
}

function open_panel(title, ...body) {
  $('panel_title').textContent = title;
  $('panel_body').replaceChildren(...body);
  if (!$('panel').open) $('panel').showModal();
}

const record_link = (row) => row.stream === undefined || row.stream === null ? ''
  : made('a', { href: `v1/events/${segment(row.stream)}/${row.position}`, target: '_blank', rel: 'noopener' },
         `${row.stream}@${row.position}`);

const table = (caption, heads, rows) => made('div', { class: 'wide', tabindex: 0 }, made('table', {},
  made('caption', {}, caption),
  made('thead', {}, made('tr', {}, ...heads.map((head) => made('th', { scope: 'col' }, head)))),
  rows));

// A table that grows by pages.
async function show_pages(title, caption, heads, path, parameters, rows_of, intro) {
  open_panel(title, made('p', {}, 'Đang tải…'));
  const tbody = made('tbody');
  const more = made('button', { type: 'button' }, 'Xem thêm');
  const load = async (cursor) => {
    const { body } = await get(path, { ...parameters, limit: 50, cursor });
    tbody.append(...rows_of(body));
    more.hidden = !body.next;
    more.onclick = () => load(body.next).catch(say_in_panel);
    return body;
  };
  try {
    const first = await load('');
    const rows = tbody.children.length > 0 ? table(caption, heads, tbody)
      : made('p', {}, 'Chưa có bản ghi nào.');
    open_panel(title, ...intro(first), rows, made('p', {}, more));
  } catch (problem) {
    say_in_panel(problem);
  }
}
const say_in_panel = (problem) =>
  $('panel_body').replaceChildren(made('p', { class: 'problem', role: 'alert' }, problem.message));

const figure_text = (body) => body.value !== null && body.value !== undefined
  ? number(body.value) + (body.unit_of_measure === 'percent' ? '%' : ` ${measured(body.unit_of_measure)}`)
  : body.numerator !== null && body.numerator !== undefined
    ? `${number(body.numerator)} / ${number(body.denominator)}` : 'chưa có số liệu';

function note_of(target) {
  return target.note ? [made('p', { class: 'quiet' }, name_of(target.note))] : [];
}

function show_explain(target) {
  const parameters = { plan: shown.plan, indicator: target.indicator, unit: shown.unit,
                       period: asked_period(), as_of: shown.as_of, of: extent_of(target) };
  const row = (one) => made('tr', {}, made('td', {}, one.thing ?? '', made('br'), record_link(one)),
    made('td', {}, one.unit), made('td', {}, day(one.day)),
    made('td', {}, roles[one.role] ?? one.role), made('td', { class: 'number' }, number(one.amount)));
  show_pages(`Vì sao: ${name_of(target.name)}`, 'Các bản ghi tạo nên con số',
    ['Hoạt động, báo cáo', 'Đơn vị', 'Ngày', 'Vai trò', 'Đóng góp'], 'v1/explain', parameters,
    (body) => body.contributions.map(row),
    (body) => [made('p', {}, 'Con số này bằng ', made('strong', {}, figure_text(body)),
                    `, cộng lại đúng từ ${number(body.total)} bản ghi.`), ...note_of(target)]);
}

// The values with what became of the reports behind them, in the order of records. An approval
// changes no value: it is a row of its own.
function history_rows(body) {
  const place = (one) => `${one.stream}@${one.position}`;
  const acts = new Map(body.reports.map((one) => [place(one), one]));
  const values = new Set(body.entries.map(place));
  const silent = [...acts.values()].filter((one) => !values.has(place(one))).map((one) => ({ ...one, silent: true }));
  return [...body.entries, ...silent].sort((a, b) => Date.parse(a.recorded_at) - Date.parse(b.recorded_at))
    .map((one) => history_row(one, acts.get(place(one))));
}

function history_row(one, act) {
  const report = act ? `Báo cáo ${act.report}: ${report_states[act.state] ?? act.state}` : '';
  const cause = one.silent ? '' : causes[one.cause] ?? one.cause ?? '';
  return made('tr', {}, made('td', {}, one.recorded_at ? moment(one.recorded_at) : '', made('br'), record_link(one)),
    made('td', { class: 'number' }, one.silent ? '' : one.value !== null ? number(one.value) : '–',
         !one.silent && one.denominator !== null && one.denominator !== undefined
           ? made('small', {}, `${number(one.numerator)} / ${number(one.denominator)}`) : ''),
    made('td', {}, cause, cause && report ? made('br') : '', report ? made('small', {}, report) : ''),
    made('td', {}, [one.source, act?.by, one.actor].filter(Boolean).join(', '),
         one.reason ? made('small', {}, made('br'), one.reason) : '',
         one.decision ? made('small', {}, made('br'), `Quyết định ${one.decision}`) : ''));
}

function show_history(target) {
  const path = `v1/figures/${[shown.plan, target.indicator, shown.unit, shown.period].map(segment).join('/')}/history`;
  show_pages(`Lịch sử: ${name_of(target.name)}`, 'Mọi giá trị con số này từng có',
    ['Biết lúc', 'Giá trị', 'Nguyên nhân', 'Ai, vì sao'], path,
    { as_of: shown.as_of, of: extent_of(target) }, history_rows,
    () => note_of(target));
}

// --- What is asked ---

function periods_of(plan) {
  const statutory = plan.calendar === 'statutory' ? 's' : '';
  const groups = [];
  const last_year = Number(plan.last.slice(0, 4));
  for (let year = Number(plan.first.slice(0, 4)); year <= last_year; ++year) {
    const base = `${year}${statutory}`;
    const options = [[base, `Cả năm ${year}`], [`${base}-9M`, '9 tháng'],
      ...[1, 2].map((half) => [`${base}-H${half}`, `6 tháng ${half === 1 ? 'đầu' : 'cuối'} năm`]),
      ...[1, 2, 3, 4].map((quarter) => [`${base}-Q${quarter}`, `Quý ${quarter}`]),
      ...Array.from({ length: 12 }, (_, at) => [`${base}-${String(at + 1).padStart(2, '0')}`, `Tháng ${at + 1}`])];
    groups.push([`Năm ${year}`, options]);
  }
  if (groups.length > 1) groups.push(['Kế hoạch', [['plan', 'Từ đầu đến cuối kế hoạch']]]);
  return groups;
}

// The year of today where the plan is still going on, else its last.
function default_period(plan) {
  const statutory = plan.calendar === 'statutory' ? 's' : '';
  const year = Math.min(new Date().getFullYear(), Number(plan.last.slice(0, 4)));
  return `${Math.max(year, Number(plan.first.slice(0, 4)))}${statutory}`;
}
const asked_period = () => asked.read().period || default_period(shown.document);

async function fill_plans() {
  const { body } = await get('v1/plans');
  if (body.plans.length === 0) {
    throw new Problem('Chưa có kế hoạch nào. Hãy gửi sự kiện plan.published; trang sẽ tự hiện ra.');
  }
  $('plan').replaceChildren(...body.plans.map((plan) =>
    made('option', { value: plan.plan }, name_of(plan.title) || plan.plan)));
  return body.plans;
}

async function choose_plan(id) {
  const plans = await fill_plans();
  const plan = plans.find((one) => one.plan === id) ?? plans[0];
  const { body } = await get(`v1/plans/${segment(plan.plan)}`);
  shown.plan = plan.plan;
  shown.document = body.document;
  $('plan').value = plan.plan;
  $('period').replaceChildren(...periods_of(plan).map(([label, options]) =>
    made('optgroup', { label }, ...options.map(([value, text]) => made('option', { value }, text)))));
}

function say_problem(problem) {
  $('problem').textContent = problem?.message ?? '';
  $('problem').hidden = !problem;
}

async function show() {
  const wanted = asked.read();
  if (!shown.document || (wanted.plan && wanted.plan !== shown.plan)) await choose_plan(wanted.plan);
  const unit = wanted.unit || shown.document.unit;
  const question = [shown.plan, unit, asked_period(), wanted.as_of].join('\n');
  const is_new = question !== shown.question;
  shown.question = question;
  shown.unit = unit;
  shown.as_of = wanted.as_of ?? '';
  $('period').value = asked_period();
  $('as_of').value = /^\d{4}-\d\d-\d\d$/.test(shown.as_of) ? shown.as_of : '';
  $('now').hidden = !shown.as_of;
  const { body, etag } = await get(`v1/plans/${segment(shown.plan)}/progress`,
                                   { unit, period: asked_period(), as_of: shown.as_of });
  if (question !== shown.question) return;
  $('basis').replaceChildren(...basis_text(body));
  if (!is_new && etag && etag === shown.etag) return;
  shown.etag = etag;
  show_progress(body);
  await show_crumbs(unit);
  await show_children(unit, question);
}

let showing = false;
let again = false;
async function refresh() {
  if (showing) {
    again = true;
    return;
  }
  showing = true;
  do {
    again = false;
    try {
      await show();
      say_problem(null);
    } catch (problem) {
      shown.etag = '';
      if (!(problem instanceof Problem)) console.error(problem);
      say_problem(problem instanceof Problem ? problem : new Problem('Trang gặp lỗi; hãy tải lại.'));
    }
  } while (again);
  showing = false;
}

$('plan').addEventListener('change', () => asked.change({ plan: $('plan').value, unit: '', period: '' }));
$('period').addEventListener('change', () => asked.change({ period: $('period').value }));
$('as_of').addEventListener('change', () => asked.change({ as_of: $('as_of').value }));
$('now').addEventListener('click', () => asked.change({ as_of: '' }));
$('asked').addEventListener('submit', (event) => event.preventDefault());
$('panel').addEventListener('click', (event) => { if (event.target === $('panel')) $('panel').close(); });
window.addEventListener('hashchange', () => { $('panel').close(); refresh(); });
document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
setInterval(() => { if (!document.hidden) refresh(); }, refresh_ms);
refresh();
