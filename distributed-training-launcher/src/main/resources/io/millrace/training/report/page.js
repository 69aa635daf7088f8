(function () {
  'use strict';

  const data = JSON.parse(document.getElementById('data').textContent);
  const PALETTE = {
    light: ['#4361ee', '#e8710a', '#0ca678', '#c2255c', '#7048e8', '#868e96'],
    dark: ['#8b9dff', '#ffa94d', '#3ddbad', '#ff87ac', '#b197fc', '#ced4da'],
  };
  const TONES = { Completed: 'good', Failed: 'problem', Abnormal: 'problem', Terminated: 'warning', Terminating: 'warning' };
  const PROBLEMS = ['FAILED', 'OUTPUT_FAILED', 'DIAGNOSED'];
  const WARNINGS = ['HUNG', 'HANG_DETECTION_OFF', 'OUTPUT_CONFLICT', 'STOPPING', 'RESTARTED', 'TERMINATED',
    'UTILISATION_LOW', 'METRICS_DAMAGED', 'ENVIRONMENT_OVERRIDDEN'];

  const hash = new URLSearchParams(location.hash.slice(1));
  let theme = hash.get('theme') || remembered('millrace-theme') ||
    (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  let charts = [];
  let pending = [];

  function remembered(key) {
    try { return localStorage.getItem(key); } catch (e) { return null; }
  }
  function remember(key, value) {
    try { localStorage.setItem(key, value); } catch (e) { /* a page from a file may have no storage */ }
  }

  /** An element; strings become text, never markup. */
  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
      else if (name === 'style') Object.assign(node.style, value);
      else if (value !== null && value !== undefined) node.setAttribute(name, value);
    }
    node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
    return node;
  }

  function format(value) {
    if (value !== 0 && (Math.abs(value) >= 1e7 || Math.abs(value) < 1e-4)) {
      return Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value)
        : value.toExponential(3).replace(/\.?0+e/, 'e');
    }
    return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)));
  }
  function percent(value) { return value >= 1 || value === 0 ? value.toFixed(1) : value.toPrecision(2); }
  function css(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }
  function color(index) { return PALETTE[theme][index % PALETTE[theme].length]; }
  function translucent(hex, alpha) {
    return hex + Math.round(alpha * 255).toString(16).padStart(2, '0');
  }
  function time(text) { return text.replace('T', ' ').replace(/(\.\d+)?Z$/, ''); }
  function isNumber(text) { return text.trim() !== '' && Number.isFinite(Number(text)); }
  function least(values) { return values.reduce((a, b) => Math.min(a, b), Infinity); }
  function most(values) { return values.reduce((a, b) => Math.max(a, b), -Infinity); }

  // ---------------------------------------------------------------- page

  function draw() {
    document.documentElement.dataset.theme = theme;
    document.title = data.run + ' · Training run';
    charts.forEach(chart => chart.destroy());
    charts = [];
    pending = [];
    const parts = [notes(), metrics(), utilisation(), settings(), contract(), events()].filter(Boolean);
    document.getElementById('page').replaceChildren(
      header(), bar(parts), el('main', { class: 'wrap' }, overview(), parts), footer());
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = 11;
    Chart.defaults.animation = false;
    pending.forEach(make => charts.push(make()));
    document.documentElement.dataset.charts = String(charts.length);
  }

  function header() {
    return el('div', { class: 'top' }, el('div', { class: 'wrap' },
      el('div', {},
        el('div', { class: 'brand' }, wheel(), 'Millrace · Training run'),
        el('h1', {}, data.run),
        el('div', { class: 'facts' },
          el('span', { class: 'mark ' + (TONES[data.state] || '') }, data.state),
          data.experiment ? el('span', {}, 'Experiment ' + data.experiment) : null,
          el('time', { datetime: data.created }, 'Submitted ' + time(data.created) + ' UTC'),
          data.description ? el('span', {}, data.description) : null)),
      el('div', { class: 'buttons' }, el('button', {
        class: 'plain', id: 'theme',
        onclick: () => {
          theme = theme === 'dark' ? 'light' : 'dark';
          remember('millrace-theme', theme);
          draw();
          document.getElementById('theme').focus();
        },
      }, theme === 'dark' ? 'Light' : 'Dark'))));
  }

  function wheel() {
    const ns = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(ns, 'svg');
    for (const [k, v] of Object.entries({ width: 18, height: 18, viewBox: '0 0 24 24', fill: 'none',
      stroke: 'currentColor', 'stroke-width': 2, 'stroke-linecap': 'round', 'aria-hidden': 'true' })) {
      svg.setAttribute(k, v);
    }
    const path = document.createElementNS(ns, 'path');
    path.setAttribute('d', 'M12 5a7 7 0 1 0 0 14a7 7 0 1 0 0-14M12 2v8M12 14v8M2 12h8M14 12h8M4.9 4.9l5.6 5.6M13.5 13.5l5.6 5.6M19.1 4.9l-5.6 5.6M10.5 13.5l-5.6 5.6');
    svg.append(path);
    return svg;
  }

  function bar(parts) {
    return el('div', { class: 'bar' }, el('div', { class: 'wrap' }, el('nav', {}, parts.map(part =>
      el('a', { href: '#' + part.id, onclick: jump }, part.querySelector('h2').textContent)))));
  }

  function jump(event) {
    event.preventDefault();
    document.getElementById(event.target.getAttribute('href').slice(1)).scrollIntoView();
  }

  function section(id, title, hint, ...content) {
    return el('section', { id, 'aria-labelledby': id + '-title' },
      el('header', {}, el('h2', { id: id + '-title' }, title), hint ? el('p', {}, hint) : null),
      content);
  }

  function card(name, value, more, tone) {
    return el('div', { class: 'card figure' },
      el('div', { class: 'name' }, name),
      el('div', { class: 'value ' + (tone || '') }, value),
      more ? el('div', { class: 'more' }, more) : null);
  }

  function overview() {
    const failed = data.exit_code !== undefined && data.exit_code !== 0;
    return el('section', { id: 'overview', 'aria-label': 'Overview' }, el('div', { class: 'cards wide' },
      card('State', data.state, data.ended ? time(data.ended) + ' UTC' : null, TONES[data.state] === 'problem' ? 'problem' : null),
      card('Duration', data.duration || '–', data.started ? null : 'not started'),
      card('Nodes', String(data.nodes), data.processes),
      card('Restarts', String(data.restarts), null),
      data.exit_code === undefined ? null : card('Exit code', String(data.exit_code),
        data.failed_rank === undefined ? null : 'of ' + data.failed_rank, failed ? 'problem' : null)));
  }

  /** Why it ended as it did, and what to mind. */
  function notes() {
    const all = [
      ...(data.message ? [['problem', 'Why', data.message]] : []),
      ...data.diagnosis.map(text => ['problem', 'Diagnosis', text]),
      ...(data.utilisation.warning ? [['warning', 'Utilisation', data.utilisation.warning]] : []),
      ...data.metric_problems.map(text => ['warning', 'Metrics', text]),
    ];
    return all.length === 0 ? null : section('notes', 'What to look at', null,
      el('ul', { class: 'notes' }, all.map(([tone, name, text]) =>
        el('li', { class: 'card note' }, el('span', { class: 'mark ' + tone }, name), el('p', {}, text)))));
  }

  // ---------------------------------------------------------------- metrics

  function metrics() {
    const of = kind => data.metrics.filter(metric => metric.kind === kind);
    const drawn = data.metrics.filter(metric => metric.kind === 'line' || metric.kind === 'histogram');
    const values = of('value');
    const tables = of('table');
    return section('metrics', 'Metrics',
      drawn.length ? 'Point at a chart to read its values.' : null,
      data.metrics.length === 0 ? el('p', { class: 'empty' },
        'None: the script wrote no metrics.json into an output.') : null,
      values.length === 0 ? null : el('div', { class: 'cards' }, values.map(metric =>
        card(titled(metric), format(metric.value), metric.title === metric.name ? null : metric.name))),
      drawn.length === 0 ? null : el('div', { class: 'charts' }, drawn.map(metricChart)),
      tables.length === 0 ? null : el('div', { class: 'tables' }, tables.map(metricTable)));
  }

  function titled(metric) { return metric.title || metric.name; }

  function metricChart(metric) {
    const unit = metric.title === metric.name ? metric.x.title : metric.name;
    return chartCard(titled(metric), unit, 'metric', metric.name, metric.x.values.length === 0 ? null
      : metric.y.map((curve, index) => ({
        name: curve.title || titled(metric), index,
        figures: metric.kind === 'line'
          ? { last: format(curve.values[curve.values.length - 1]), min: format(least(curve.values)), max: format(most(curve.values)) }
          : { min: format(least(curve.values)), max: format(most(curve.values)) },
      })), canvas => metric.kind === 'line' ? lineChart(canvas, metric) : barChart(canvas, metric));
  }

  function chartCard(title, unit, kind, name, curves, make) {
    let plot = el('div', { class: 'none' }, 'No values');
    if (curves) {
      const label = title + ': ' + curves.map(curve => curve.name + ' '
        + Object.entries(curve.figures).map(([key, value]) => key + ' ' + value).join(', ')).join('; ');
      const canvas = el('canvas', { role: 'img', 'aria-label': label, ['data-' + kind]: name });
      pending.push(() => make(canvas));
      plot = el('div', { class: 'plot' }, canvas);
    }
    return el('article', { class: 'card chart' },
      el('div', { class: 'head' }, el('h3', {}, title), el('span', { class: 'unit' }, unit)),
      plot,
      curves ? el('div', { class: 'figures' }, curves.map(curve => el('div', {},
        el('span', {}, dot(curve.index), curve.name),
        Object.entries(curve.figures).map(([key, value]) => el('span', {}, key + ' ', el('b', {}, value)))))) : null);
  }

  function dot(index) {
    return el('span', { class: 'dot', style: { background: color(index) }, 'aria-hidden': 'true' });
  }

  function axis(title) {
    return {
      border: { color: css('--line') }, grid: { color: css('--line'), tickLength: 4 },
      title: { display: Boolean(title), text: title, color: css('--faint'), padding: 2 },
    };
  }

  function ticks(more) { return Object.assign({ color: css('--soft'), maxTicksLimit: 7, maxRotation: 0 }, more); }

  function tooltip(callbacks, several) {
    return {
      callbacks, backgroundColor: css('--ink'), titleColor: css('--surface'), bodyColor: css('--surface'),
      padding: 9, cornerRadius: 7, displayColors: several, boxPadding: 4, caretSize: 5,
    };
  }

  function curve(label, index, points) {
    return {
      label, data: points, borderColor: color(index), backgroundColor: color(index), clip: 6,
      borderWidth: 2, pointRadius: points.length > 40 ? 0 : 2, pointHoverRadius: 4, tension: 0,
    };
  }

  function lineChart(canvas, metric) {
    const linear = metric.x.values.every(isNumber);
    const several = metric.y.length > 1;
    return new Chart(canvas, {
      type: 'line',
      data: {
        labels: linear ? undefined : metric.x.values,
        datasets: metric.y.map((y, index) => curve(y.title, index,
          y.values.map((value, i) => linear ? { x: Number(metric.x.values[i]), y: value } : value))),
      },
      options: {
        maintainAspectRatio: false, interaction: { mode: 'index', intersect: false },
        plugins: {
          legend: { display: false },
          tooltip: tooltip({
            title: items => (metric.x.title ? metric.x.title + ' ' : '') + metric.x.values[items[0].dataIndex],
            label: item => (item.dataset.label ? item.dataset.label + ': ' : '') + format(item.parsed.y),
          }, several),
        },
        scales: {
          x: Object.assign(axis(), linear
            ? { type: 'linear', min: least(metric.x.values.map(Number)), max: most(metric.x.values.map(Number)), grid: { display: false }, ticks: ticks({ callback: value => format(value), includeBounds: false }) }
            : { grid: { display: false }, ticks: ticks() }),
          y: Object.assign(axis(), { ticks: ticks({ maxTicksLimit: 5, callback: value => format(value) }) }),
        },
      },
    });
  }

  function barChart(canvas, metric) {
    const several = metric.y.length > 1;
    return new Chart(canvas, {
      type: 'bar',
      data: {
        labels: metric.x.values,
        datasets: metric.y.map((y, index) => ({
          label: y.title, data: y.values, backgroundColor: translucent(color(index), 0.78),
          hoverBackgroundColor: color(index), borderRadius: 2, categoryPercentage: 0.9, barPercentage: 0.96,
        })),
      },
      options: {
        maintainAspectRatio: false, interaction: { mode: 'index', intersect: false },
        plugins: {
          legend: { display: false },
          tooltip: tooltip({
            title: items => (metric.x.title ? metric.x.title + ' ' : '') + metric.x.values[items[0].dataIndex],
            label: item => (item.dataset.label ? item.dataset.label + ': ' : '') + format(item.parsed.y),
          }, several),
        },
        scales: {
          x: Object.assign(axis(), { grid: { display: false }, ticks: ticks({ autoSkip: true }) }),
          y: Object.assign(axis(), { ticks: ticks({ maxTicksLimit: 5, callback: value => format(value) }) }),
        },
      },
    });
  }

  /** A table; where all cells are numbers and rows have labels, the larger ones are tinted. */
  function metricTable(metric) {
    const labelled = metric.rows.values.length > 0;
    const numbers = metric.cells.flat();
    const tinted = labelled && numbers.length > 0 && numbers.every(text => isNumber(text) && Number(text) >= 0);
    const largest = tinted ? most(numbers.map(Number)) : 0;
    const corner = [metric.rows.title, metric.columns.title].filter(Boolean).join(' \\ ');
    return el('article', { class: 'card titled', 'data-table': metric.name },
      el('h3', {}, titled(metric), metric.title === metric.name ? null : el('small', {}, metric.name)),
      el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': titled(metric) }, el('table', {},
        el('thead', {}, el('tr', {},
          labelled ? el('th', { scope: 'col' }, corner) : null,
          metric.columns.values.map(label => el('th', { scope: 'col', class: 'right' }, label)))),
        el('tbody', {}, metric.cells.map((row, r) => el('tr', {},
          labelled ? el('th', { scope: 'row' }, metric.rows.values[r]) : null,
          row.map(cell => el('td', {
            class: isNumber(cell) ? null : 'text',
            style: tinted && largest > 0 ? { background: `color-mix(in srgb, ${color(0)} ${Math.round(45 * Number(cell) / largest)}%, transparent)` } : {},
          }, cell))))))));
  }

  // ---------------------------------------------------------------- utilisation

  function utilisation() {
    const { hosts, looks } = data.utilisation;
    if (hosts.length === 0) {
      return section('utilisation', 'Utilisation', null,
        el('p', { class: 'empty' }, 'None was sampled while the run lived.'));
    }
    const drawn = hosts.filter(host => host.places.length > 0);
    return section('utilisation', 'Utilisation', 'In percent, ' + looks + ' looks. Of a node: of its share of the cores.'
      + (drawn.length < hosts.length ? ' Curves of the first ' + drawn.length + ' of ' + hosts.length + ' machines.' : ''),
    hosts.length === 1 ? null : el('div', { class: 'tables' }, hostTable(hosts)),
    drawn.map(host => [
      hosts.length === 1 ? null : el('h3', { class: 'host', 'data-host': host.name }, host.name),
      el('div', { class: 'charts' }, host.places.map(place => chartCard(place.name, host.name, 'place', place.title,
        place.series.map((series, index) => ({
          name: series.usage, index,
          figures: { average: percent(series.average), max: percent(series.maximum) },
        })),
        canvas => utilisationChart(canvas, place)))),
    ]));
  }

  /** Averages of each machine, and of the devices that the job uses there. */
  function hostTable(hosts) {
    const usages = [...new Set(hosts.flatMap(host => Object.keys(host.averages)))];
    return el('article', { class: 'card titled whole', 'data-table': 'hosts' }, el('h3', {}, 'Averages of machines'),
      el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Averages of machines' }, el('table', {},
        el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Machine'), el('th', { scope: 'col', class: 'text' }, 'Nodes'),
          usages.map(usage => el('th', { scope: 'col', class: 'right' }, usage)))),
        el('tbody', {}, hosts.map(host => el('tr', {},
          el('th', { scope: 'row' }, host.name), el('td', { class: 'text' }, host.nodes),
          usages.map(usage => el('td', {}, usage in host.averages ? percent(host.averages[usage]) : '–'))))))));
  }

  function utilisationChart(canvas, place) {
    return new Chart(canvas, {
      type: 'line',
      data: {
        datasets: place.series.map((series, index) =>
          curve(series.usage, index, series.points.map(([x, y]) => ({ x, y })))),
      },
      options: {
        maintainAspectRatio: false, interaction: { mode: 'nearest', axis: 'x', intersect: false },
        plugins: {
          legend: { display: false },
          tooltip: tooltip({
            title: items => clock(items[0].parsed.x) + ' after the start',
            label: item => item.dataset.label + ': ' + percent(item.parsed.y) + ' %',
          }, true),
        },
        scales: {
          x: Object.assign(axis(), { type: 'linear', min: 0, max: data.utilisation.seconds, grid: { display: false }, ticks: ticks({ includeBounds: false, callback: clock }) }),
          y: Object.assign(axis(), { min: 0, suggestedMax: 100, ticks: ticks({ maxTicksLimit: 5, callback: value => value + '%' }) }),
        },
      },
    });
  }

  function clock(seconds) {
    const whole = Math.round(seconds);
    const two = value => String(value).padStart(2, '0');
    return whole < 3600 ? Math.floor(whole / 60) + ':' + two(whole % 60)
      : Math.floor(whole / 3600) + ' h ' + two(Math.floor(whole / 60) % 60);
  }

  // ---------------------------------------------------------------- settings and events

  function settings() {
    return section('settings', 'Settings', null, el('div', { class: 'tables' },
      rows('Parameters', ['Name', 'Value'], data.parameters.map(each => [each.name, each.value])),
      rows('Inputs and outputs', ['Name', 'What', 'Where'], [
        ...data.inputs.map(each => [each.name, each.version || 'input', each.location]),
        ...data.outputs.map(each => [each.name, 'output', each.location]),
      ])));
  }

  function contract() {
    return section('contract', 'What the processes got', null, el('div', { class: 'tables' },
      rows('Processes', ['', ''], data.contract.map(each => [each.name, each.value])),
      data.environment.length === 0 ? null
        : rows('The job\'s own variables', ['Name', 'Value'], data.environment.map(each => [each.name, each.value]))));
  }

  function rows(title, columns, lines) {
    return el('article', { class: 'card titled' }, el('h3', {}, title),
      lines.length === 0 ? el('p', { class: 'empty', style: { padding: '0 16px 14px' } }, 'None.')
        : el('div', { class: 'scroll' }, el('table', {},
          columns.some(Boolean) ? el('thead', {}, el('tr', {}, columns.map(name => el('th', { scope: 'col', class: 'text' }, name)))) : null,
          el('tbody', {}, lines.map(line => el('tr', {},
            el('th', { scope: 'row' }, line[0]),
            line.slice(1).map((text, i) => el('td', { class: i === line.length - 2 ? 'long code' : 'text' }, text))))))));
  }

  function events() {
    return section('events', 'Events', data.events_left_out
      ? 'The last ' + data.events.length + ' of ' + (data.events.length + data.events_left_out) + ', UTC.' : 'UTC.',
    data.events.length === 0 ? el('p', { class: 'empty' }, 'None.')
      : el('ol', { class: 'card events' }, data.events.map(event => el('li', {
        class: PROBLEMS.includes(event.type) ? 'problem' : WARNINGS.includes(event.type) ? 'warning' : null,
      },
      el('time', { datetime: event.time }, time(event.time)),
      el('span', { class: 'node' }, event.node),
      el('span', { class: 'what' }, event.message)))));
  }

  function footer() {
    return el('footer', { class: 'wrap' },
      'Made by Millrace at ' + time(data.made) + ' UTC. The page needs no network; all data is inside.',
      el('details', {}, el('summary', {}, 'Charts: Chart.js, MIT licence'),
        el('pre', {}, document.getElementById('chart-licence').textContent.trim())));
  }

  draw();
})();
