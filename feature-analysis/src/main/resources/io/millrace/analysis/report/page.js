(function () {
  'use strict';

  const { report, metrics, pictured, thumbnails } = JSON.parse(
    document.getElementById('data').textContent);
  const PALETTE = {
    light: ['#4361ee', '#e8710a', '#0ca678', '#c2255c', '#7048e8', '#868e96'],
    dark: ['#8b9dff', '#ffa94d', '#3ddbad', '#ff87ac', '#b197fc', '#ced4da'],
  };
  const VIEWS = ['all', 'train', 'eval', 'test', 'inference'];
  const FIRST_FINDINGS = 8;
  const MOST_LABELS = 40;

  const TEXTS = {
    skip: ['Skip to the charts', '跳到图表'],
    title: ['Feature analysis', '数据特征分析'],
    all: ['All', '全部'], train: ['Train', '训练集'], eval: ['Eval', '验证集'],
    test: ['Test', '测试集'], inference: ['Inference', '推理集'],
    count: ['Count', '数量'], share: ['Share', '占比'],
    dark: ['Dark', '深色'], light: ['Light', '浅色'], language: ['中文', 'English'],
    view: ['Part of the version', '数据范围'], scale: ['Scale of the charts', '图表刻度'],
    versions: ['Versions', '版本'],
    overview: ['Overview', '概览'], findings: ['What to look at', '值得关注'],
    distributions: ['Distributions', '特征分布'], labels: ['Labels', '标签分布'],
    summary: ['Figures', '统计表'], outliers: ['Outliers', '离群样本'],
    unreadable: ['Unreadable images', '无法读取的图片'],
    measured: ['Images measured', '已分析图片'], ofSamples: ['of {0} samples', '共 {0} 个样本'],
    unlabelled: ['{0} unlabelled left out', '未标注 {0} 个，不参与分析'],
    noneUnreadable: ['every file was read', '全部文件均可读取'],
    seeBelow: ['listed below', '见下方列表'],
    boxes: ['Boxes', '目标框'], perImage: ['{0} per image', '平均每张 {0} 个'],
    labelCount: ['Labels', '标签数'], most: ['most: {0}', '最多：{0}'],
    resolution: ['Median resolution', '分辨率中位数'], brightness: ['Median brightness', '亮度中位数'],
    scaleOf255: ['0 black, 255 white', '0 为黑，255 为白'],
    speed: ['Speed', '分析速度'], perSecond: ['images/s', '张/秒'], inSeconds: ['{0} s in all', '共 {0} 秒'],
    PROBLEM: ['Problem', '问题'], WARNING: ['Warning', '警告'], NOTE: ['Note', '提示'],
    show: ['Show', '查看'], more: ['Show all {0}', '显示全部 {0} 条'], fewer: ['Show fewer', '收起'],
    nothing: ['Nothing stands out.', '没有发现异常。'],
    noValues: ['No values in this part', '该范围内没有数据'],
    images: ['images', '张图片'], boxesUnit: ['boxes', '个框'], objects: ['objects', '个目标'],
    median: ['Median', '中位数'], mean: ['Mean', '均值'], std: ['Std. dev.', '标准差'], min: ['Min', '最小值'],
    max: ['Max', '最大值'], q1: ['Q1', 'Q1'], q3: ['Q3', 'Q3'], n: ['Count', '数量'],
    low: ['Low outliers', '低离群'], high: ['High outliers', '高离群'], outliersShort: ['Outliers', '离群'],
    metric: ['Metric', '指标'], version: ['Version', '版本'], below: ['below {0}', '低于 {0}'],
    from: ['{0} and above', '{0} 及以上'], to: ['{0} to {1}', '{0} 至 {1}'],
    chartHelp: ['Histogram. Arrow keys read the bins.', '直方图。用方向键逐个读取分组。'],
    labelHelp: ['Occurrences of each label.', '各标签出现次数。'],
    chartsHint: ['Point at a bar, or focus a chart and use the arrow keys. Dashed: median.',
      '将鼠标移到柱上，或聚焦图表后使用方向键。虚线为中位数。'],
    figuresHint: ['Outliers lie over 1.5 interquartile ranges outside the middle half.',
      '离群值：超出四分位数 1.5 倍四分位距。'],
    outliersHint: ['The most extreme outliers of some metrics, over the whole version.',
      '部分指标中最极端的离群样本（整个版本）。'],
    labelsHint: ['{0} of {1} labels, the most frequent first.', '按频次排列，显示 {0}/{1} 个标签。'],
    noPicture: ['no picture', '无图片'],
    source: ['Source', '来源'], reason: ['Reason', '原因'],
    'missing': ['no such file', '文件不存在'], 'storage-failed': ['storage failed', '存储读取失败'],
    'empty': ['empty file', '空文件'], 'too-large': ['too large', '文件过大'],
    'truncated': ['file is cut off', '文件不完整'], 'not-an-image': ['not a readable image', '不是可读取的图片'],
    first: ['the first {0} of {1}', '前 {0} 个，共 {1} 个'],
    OBJECT_DETECTION: ['Object detection', '物体检测'],
    IMAGE_CLASSIFICATION: ['Image classification', '图像分类'],
    footer: ['Made by Millrace. The page needs no network; all data is inside.',
      '由 Millrace 生成。页面无需网络，数据均已内嵌。'],
    licence: ['Charts: Chart.js, MIT licence', '图表：Chart.js，MIT 许可'],
  };

  const hash = new URLSearchParams(location.hash.slice(1));
  const several = report.versions.length > 1;
  const state = {
    language: hash.get('lang') || remembered('millrace-lang') ||
      ((navigator.language || '').startsWith('zh') ? 'zh' : 'en'),
    theme: hash.get('theme') || remembered('millrace-theme') ||
      (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'),
    view: VIEWS.includes(hash.get('view')) ? hash.get('view') : 'all',
    scale: hash.get('scale') || (several ? 'share' : 'count'),
    hidden: new Set(),
    allFindings: false,
  };
  let charts = [];

  function remembered(key) {
    try { return localStorage.getItem(key); } catch (e) { return null; }
  }
  function remember(key, value) {
    try { localStorage.setItem(key, value); } catch (e) { /* a page from a file may have no storage */ }
  }

  function t(key, ...values) {
    const entry = TEXTS[key];
    const text = entry ? entry[state.language === 'zh' ? 1 : 0] : key;
    return text.replace(/\{(\d)\}/g, (all, i) => values[i]);
  }
  function own(text) { return text[state.language === 'zh' ? 'zh' : 'en']; }

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

  const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
  function format(value) {
    if (Math.abs(value) >= 1e6) {
      return new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 4 }).format(value);
    }
    return Math.abs(value) >= 1000 || Number.isInteger(value)
      ? whole.format(value)
      : String(Number(value.toPrecision(4)));
  }
  function percent(share) {
    return (share * 100).toFixed(share > 0 && share < 0.0995 ? 2 : 1) + '%';
  }
  function withUnit(text, metric) { return metric.unit ? text + ' ' + metric.unit : text; }
  function sum(numbers) { return numbers.reduce((a, b) => a + b, 0); }

  function color(index) {
    const palette = PALETTE[state.theme];
    return palette[index % palette.length];
  }
  function css(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }
  function translucent(hex, alpha) {
    return hex + Math.round(alpha * 255).toString(16).padStart(2, '0');
  }
  function shown() {
    return report.versions.map((version, index) => ({ version, index }))
      .filter(entry => !state.hidden.has(entry.index));
  }
  function distribution(version, metric) {
    const views = version.metrics[metric.id];
    return views ? views[state.view] : undefined;
  }

  // ---------------------------------------------------------------- page

  function draw() {
    document.documentElement.lang = state.language === 'zh' ? 'zh-CN' : 'en';
    document.documentElement.dataset.theme = state.theme;
    document.title = report.dataset + ' · ' + t('title');
    document.querySelectorAll('[data-text]').forEach(n => { n.textContent = t(n.dataset.text); });
    charts.forEach(chart => chart.destroy());
    charts = [];
    const page = document.getElementById('page');
    const scrolled = window.scrollY;
    const focus = document.activeElement && document.activeElement.id;
    page.replaceChildren(
      header(), bar(),
      el('main', { class: 'wrap' },
        overview(), findings(), distributions(), labels(), figures(), outliers(), unreadable()),
      footer());
    drawCharts();
    window.scrollTo(0, scrolled);
    if (focus && document.getElementById(focus)) document.getElementById(focus).focus();
  }

  function set(change) {
    Object.assign(state, change);
    draw();
  }

  function header() {
    return el('div', { class: 'top' }, el('div', { class: 'wrap' },
      el('div', {},
        el('div', { class: 'brand' }, wheel(), 'Millrace · ' + t('title')),
        el('h1', {}, report.dataset + (several ? '' : ' @ ' + report.versions[0].version)),
        el('div', { class: 'facts' },
          el('span', {}, t(report.task_type)),
          el('span', {}, report.versions.map(v => v.version).join(' · ')),
          el('time', { datetime: report.analysed_at },
            report.analysed_at.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')))),
      el('div', { class: 'buttons' },
        el('button', {
          class: 'plain', id: 'language', lang: state.language === 'zh' ? 'en' : 'zh-CN',
          onclick: () => {
            const language = state.language === 'zh' ? 'en' : 'zh';
            remember('millrace-lang', language);
            set({ language });
          },
        }, t('language')),
        el('button', {
          class: 'plain', id: 'theme',
          onclick: () => {
            const theme = state.theme === 'dark' ? 'light' : 'dark';
            remember('millrace-theme', theme);
            set({ theme });
          },
        }, t(state.theme === 'dark' ? 'light' : 'dark')))));
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

  function segments(name, options, current, choose) {
    return el('div', { class: 'segments', role: 'group', 'aria-label': t(name) },
      options.map(option => el('button', {
        id: name + '-' + option.value,
        'aria-pressed': String(option.value === current),
        onclick: () => choose(option.value),
      }, option.text, option.detail ? el('small', {}, option.detail) : null)));
  }

  function bar() {
    const present = VIEWS.filter(view => ['all', 'train', 'eval'].includes(view)
      || report.versions.some(version => version.images[view]));
    return el('div', { class: 'bar' }, el('div', { class: 'wrap' },
      segments('view', present.map(view => ({
        value: view, text: t(view),
        detail: whole.format(sum(shown().map(entry => entry.version.images[view] || 0))),
      })), state.view, view => set({ view })),
      segments('scale', ['count', 'share'].map(value => ({ value, text: t(value) })),
        state.scale, scale => set({ scale })),
      several ? el('div', { class: 'versions', role: 'group', 'aria-label': t('versions') },
        report.versions.map((version, index) => el('button', {
          class: 'version', id: 'version-' + index,
          'aria-pressed': String(!state.hidden.has(index)),
          onclick: () => toggle(index),
        }, dot(index), version.version))) : null,
      el('nav', {}, ['findings', 'distributions', 'labels', 'summary', 'outliers'].map(id =>
        el('a', { href: '#' + id, onclick: jump }, t(id))))));
  }

  function jump(event) {
    event.preventDefault();
    document.getElementById(event.target.getAttribute('href').slice(1)).scrollIntoView();
  }

  function toggle(index) {
    if (state.hidden.has(index)) state.hidden.delete(index);
    else if (shown().length > 1) state.hidden.add(index);
    draw();
  }

  function dot(index) {
    return el('span', { class: 'dot', style: { background: color(index) }, 'aria-hidden': 'true' });
  }

  function section(id, hint, ...content) {
    return el('section', { id, 'aria-labelledby': id + '-title' },
      el('header', {}, el('h2', { id: id + '-title' }, t(id)), hint ? el('p', {}, hint) : null),
      content);
  }

  // ---------------------------------------------------------------- overview and findings

  function overview() {
    const versions = shown().map(entry => entry.version);
    const total = name => sum(versions.map(version => version[name]));
    const lost = sum(versions.map(version => sum(Object.values(version.unreadable))));
    const counts = labelCounts('all');
    const cards = [
      card('measured', whole.format(total('measured')),
        total('samples') > total('taken')
          ? t('unlabelled', whole.format(total('samples') - total('taken')))
          : t('ofSamples', whole.format(total('samples')))),
      card('unreadable', whole.format(lost), lost ? t('seeBelow') : t('noneUnreadable'), lost > 0),
    ];
    if (report.task_type === 'OBJECT_DETECTION') {
      cards.push(card('boxes', whole.format(total('boxes')),
        t('perImage', total('measured') ? (total('boxes') / total('measured')).toFixed(1) : '0')));
    }
    cards.push(card('labelCount', whole.format(counts.length),
      counts.length ? t('most', counts[0].label) : ''));
    const resolution = versions[0].metrics.resolution && versions[0].metrics.resolution.all;
    if (resolution) {
      const large = resolution.median >= 1e5;
      cards.push(card('resolution',
        large ? (resolution.median / 1e6).toFixed(2) + ' MP' : whole.format(resolution.median) + ' px²',
        t('to', format(resolution.min), format(resolution.max) + ' px²')));
    }
    const brightness = versions[0].metrics.brightness && versions[0].metrics.brightness.all;
    if (brightness) cards.push(card('brightness', format(Number(brightness.median.toFixed(1))), t('scaleOf255')));
    const seconds = total('seconds');
    cards.push(card('speed', seconds ? whole.format(total('taken') / seconds) : '–',
      t('perSecond') + ' · ' + t('inSeconds', seconds.toFixed(1))));
    return el('section', { id: 'overview', 'aria-label': t('overview') },
      el('div', { class: 'cards' }, cards));
  }

  function card(name, value, more, problem) {
    return el('div', { class: 'card figure' },
      el('div', { class: 'name' }, t(name)),
      el('div', { class: 'value' + (problem ? ' problem' : '') }, value),
      el('div', { class: 'more' }, more));
  }

  function findings() {
    const all = report.findings.filter(finding =>
      shown().some(entry => entry.version.version === finding.version));
    const some = state.allFindings ? all : all.slice(0, FIRST_FINDINGS);
    return section('findings', null,
      all.length === 0 ? el('p', {}, t('nothing')) : el('ul', { class: 'findings' }, some.map(finding =>
        el('li', { class: 'card finding ' + finding.severity },
          el('span', { class: 'mark' }, t(finding.severity)),
          el('p', {}, several ? finding.version + ': ' : '',
            state.language === 'zh' ? finding.text_zh : finding.text, ' ',
            finding.metric ? el('button', { onclick: () => flash(finding.metric) }, t('show')) : null)))),
      all.length > FIRST_FINDINGS ? el('button', {
        class: 'plain more-button', id: 'more-findings',
        onclick: () => set({ allFindings: !state.allFindings }),
      }, state.allFindings ? t('fewer') : t('more', all.length)) : null);
  }

  function flash(id) {
    const chart = document.getElementById('metric-' + id);
    chart.scrollIntoView({ block: 'center' });
    chart.querySelector('canvas, .none').focus({ preventScroll: true });
    chart.classList.add('flash');
    setTimeout(() => chart.classList.remove('flash'), 1600);
  }

  // ---------------------------------------------------------------- charts

  function distributions() {
    return section('distributions', t('chartsHint'),
      el('div', { class: 'charts' }, metrics.map(metric => {
        const present = shown().filter(entry => distribution(entry.version, metric));
        return el('article', { class: 'card chart', id: 'metric-' + metric.id },
          el('div', { class: 'head' }, el('h3', {}, own(metric.title)),
            el('span', { class: 'unit' }, metric.unit)),
          el('p', { class: 'meaning' }, own(metric.meaning)),
          present.length === 0
            ? el('div', { class: 'none', tabindex: '-1' }, t('noValues'))
            : el('div', { class: 'plot' }, el('canvas', {
              'data-metric': metric.id, tabindex: '0', role: 'img',
              'aria-label': described(metric, present),
            })),
          present.length === 0 ? null : el('div', { class: 'figures' },
            present.map(entry => figuresOf(metric, entry))));
      })));
  }

  function described(metric, present) {
    return own(metric.title) + '. ' + t('chartHelp') + ' ' + present.map(entry => {
      const d = distribution(entry.version, metric);
      return `${entry.version.version}: ${t('n')} ${d.count}, ${t('median')} ${format(d.median)}`;
    }).join('; ');
  }

  function figuresOf(metric, entry) {
    const d = distribution(entry.version, metric);
    const outliers = d.outliers_low + d.outliers_high;
    const short = value => format(Number(value.toPrecision(Math.abs(value) < 1000 ? 3 : 6)));
    const values = [
      fact('median', short(d.median)), fact('mean', short(d.mean)), fact('std', short(d.std)),
      fact('outliersShort', whole.format(outliers)),
    ];
    return several ? el('span', { class: 'of' }, dot(entry.index), values) : values;
  }
  function fact(name, value) { return el('span', {}, t(name) + ' ', el('b', {}, value)); }

  /** The bars' places: a bin each, and one at either end for what lies outside of all bins. */
  function places(metric) {
    const bins = report.bins[metric.id];
    const all = report.versions.map(v => v.metrics[metric.id]).filter(Boolean)
      .flatMap(views => Object.values(views));
    const list = [];
    const edge = i => bins.start + i * bins.width;
    if (all.some(d => d.histogram.below > 0)) {
      list.push({ at: edge(-0.5), count: h => h.below, text: t('below', unitOf(edge(0))) });
    }
    for (let i = 0; i < bins.count; i++) {
      list.push({ at: edge(i + 0.5), count: h => h.counts[i], text: range(edge(i), edge(i + 1)) });
    }
    if (all.some(d => d.histogram.above > 0)) {
      list.push({ at: edge(bins.count + 0.5), count: h => h.above, text: t('from', unitOf(edge(bins.count))) });
    }
    return { list, low: list[0].at - bins.width / 2, high: list[list.length - 1].at + bins.width / 2 };

    function unitOf(value) {
      return withUnit(format(metric.counts ? Math.ceil(value) : Number(value.toPrecision(10))), metric);
    }
    function range(from, to) {
      if (!metric.counts) {
        return t('to', format(Number(from.toPrecision(10))), unitOf(to));
      }
      const first = Math.ceil(from);
      const last = Math.ceil(to) - 1;
      return first === last ? String(first) : t('to', first, last);
    }
  }

  const medians = {
    id: 'medians',
    afterDatasetsDraw(chart, args, options) {
      const { ctx, chartArea, scales } = chart;
      for (const median of options.values || []) {
        const x = scales.x.getPixelForValue(median.value);
        if (x < chartArea.left || x > chartArea.right) continue;
        ctx.save();
        ctx.strokeStyle = median.color;
        ctx.lineWidth = 1.5;
        ctx.setLineDash([5, 4]);
        ctx.beginPath();
        ctx.moveTo(x, chartArea.top);
        ctx.lineTo(x, chartArea.bottom);
        ctx.stroke();
        ctx.restore();
      }
    },
  };

  function drawCharts() {
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = 11;
    Chart.defaults.animation = false;
    document.querySelectorAll('canvas[data-metric]').forEach(canvas =>
      histogram(canvas, metrics.find(metric => metric.id === canvas.dataset.metric)));
    const canvas = document.querySelector('canvas[data-labels]');
    if (canvas) labelChart(canvas);
    document.documentElement.dataset.charts = String(charts.length);
  }

  function histogram(canvas, metric) {
    const present = shown().filter(entry => distribution(entry.version, metric));
    const { list, low, high } = places(metric);
    const share = state.scale === 'share';
    const datasets = present.map(entry => {
      const d = distribution(entry.version, metric);
      return {
        label: entry.version.version,
        data: list.map(place => ({
          x: place.at,
          y: share ? place.count(d.histogram) / d.count : place.count(d.histogram),
        })),
        counts: list.map(place => place.count(d.histogram)),
        total: d.count,
        backgroundColor: translucent(color(entry.index), present.length > 1 ? 0.42 : 0.78),
        hoverBackgroundColor: color(entry.index),
        borderColor: color(entry.index),
        borderWidth: present.length > 1 ? { top: 1.5, left: 0, right: 0, bottom: 0 } : 0,
        borderRadius: present.length > 1 ? 0 : 2,
        grouped: false,
        barPercentage: present.length > 1 ? 1 : 0.94,
        categoryPercentage: 1,
      };
    });
    const chart = new Chart(canvas, {
      type: 'bar',
      data: { datasets },
      options: {
        maintainAspectRatio: false,
        interaction: { mode: 'index', axis: 'x', intersect: false },
        plugins: {
          legend: { display: false },
          medians: {
            values: present.map(entry => ({
              value: distribution(entry.version, metric).median,
              color: present.length > 1 ? color(entry.index) : css('--ink'),
            })),
          },
          tooltip: tooltipStyle({
            title: items => list[items[0].dataIndex].text,
            label: item => line(item.dataset, item.dataIndex, metric.subject),
          }),
        },
        scales: {
          x: Object.assign(axis(), {
            type: 'linear', min: low, max: high, offset: false,
            ticks: {
              color: css('--soft'), maxTicksLimit: 8, includeBounds: false, maxRotation: 0,
              precision: metric.counts ? 0 : undefined, callback: value => format(value),
            },
            grid: { display: false },
          }),
          y: Object.assign(axis(), {
            beginAtZero: true,
            ticks: {
              color: css('--soft'), maxTicksLimit: 5, precision: share ? undefined : 0,
              callback: value => share ? Number((value * 100).toPrecision(3)) + '%' : format(value),
            },
          }),
        },
      },
      plugins: [medians],
    });
    charts.push(chart);
    canvas.dataset.bars = String(sum(datasets.map(d => d.counts.filter(count => count > 0).length)));
    canvas.addEventListener('keydown', event => readBins(event, chart, list, metric));
    canvas.addEventListener('blur', () => point(chart, null));
  }

  function line(dataset, index, subject) {
    const count = dataset.counts[index];
    return (several ? dataset.label + ': ' : '') + whole.format(count) + ' '
      + t(subject === 'boxes' ? 'boxesUnit' : subject) + ' (' + percent(count / dataset.total) + ')';
  }

  function readBins(event, chart, list, metric) {
    const last = list.length - 1;
    const now = chart.binRead === undefined ? -1 : chart.binRead;
    const moves = { ArrowRight: Math.min(last, now + 1), ArrowLeft: Math.max(0, now - 1), Home: 0, End: last };
    if (event.key === 'Escape') { point(chart, null); return; }
    if (!(event.key in moves)) return;
    event.preventDefault();
    const index = moves[event.key];
    point(chart, index);
    document.getElementById('announcer').textContent = list[index].text + ': '
      + chart.data.datasets.map(dataset => line(dataset, index, metric.subject)).join('; ');
  }

  function point(chart, index) {
    chart.binRead = index === null ? undefined : index;
    const active = index === null ? []
      : chart.data.datasets.map((dataset, datasetIndex) => ({ datasetIndex, index }));
    chart.setActiveElements(active);
    const at = active.length ? chart.getDatasetMeta(0).data[index] : { x: 0, y: 0 };
    chart.tooltip.setActiveElements(active, { x: at.x, y: at.y });
    chart.update('none');
  }

  function axis() {
    return { border: { color: css('--line') }, grid: { color: css('--line'), tickLength: 4 } };
  }

  function tooltipStyle(callbacks) {
    return {
      callbacks, backgroundColor: css('--ink'), titleColor: css('--surface'), bodyColor: css('--surface'),
      padding: 9, cornerRadius: 7, displayColors: several, boxPadding: 4, caretSize: 5,
    };
  }

  // ---------------------------------------------------------------- labels

  function labelCounts(view) {
    const counts = new Map();
    for (const { version } of shown()) {
      for (const [label, count] of Object.entries(version.labels[view] || {})) {
        counts.set(label, (counts.get(label) || 0) + count);
      }
    }
    return [...counts].map(([label, count]) => ({ label, count }))
      .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
  }

  function labels() {
    const all = labelCounts(state.view);
    const rows = Math.min(all.length, MOST_LABELS);
    const height = 44 + rows * (several ? 16 * shown().length + 12 : 30);
    return section('labels', all.length ? t('labelsHint', rows, all.length) : null,
      el('div', { class: 'card labels' }, all.length === 0 ? t('noValues')
        : el('div', { style: { height: height + 'px', position: 'relative' } },
          el('canvas', {
            'data-labels': '1', role: 'img', tabindex: '0',
            'aria-label': t('labelHelp') + ' ' + all.slice(0, rows)
              .map(entry => entry.label + ' ' + entry.count).join(', '),
          }))));
  }

  function labelChart(canvas) {
    const rows = labelCounts(state.view).slice(0, MOST_LABELS);
    const subject = report.task_type === 'OBJECT_DETECTION' ? 'objects' : 'images';
    const share = state.scale === 'share';
    const datasets = shown().map(entry => {
      const of = entry.version.labels[state.view] || {};
      const total = sum(Object.values(of));
      const counts = rows.map(row => of[row.label] || 0);
      return {
        label: entry.version.version, counts, total: total || 1,
        data: counts.map(count => share ? count / (total || 1) : count),
        backgroundColor: translucent(color(entry.index), 0.8),
        hoverBackgroundColor: color(entry.index), borderRadius: 3, maxBarThickness: 16,
      };
    });
    charts.push(new Chart(canvas, {
      type: 'bar',
      data: { labels: rows.map(row => row.label.length > 28 ? row.label.slice(0, 27) + '…' : row.label), datasets },
      options: {
        indexAxis: 'y', maintainAspectRatio: false,
        interaction: { mode: 'index', axis: 'y', intersect: false },
        plugins: {
          legend: { display: false },
          tooltip: tooltipStyle({
            title: items => rows[items[0].dataIndex].label,
            label: item => line(item.dataset, item.dataIndex, subject),
          }),
        },
        scales: {
          x: Object.assign(axis(), {
            beginAtZero: true,
            ticks: {
              color: css('--soft'), precision: share ? undefined : 0, maxTicksLimit: 8,
              callback: value => share ? Number((value * 100).toPrecision(3)) + '%' : format(value),
            },
          }),
          y: Object.assign(axis(), { grid: { display: false }, ticks: { color: css('--ink'), font: { size: 12 } } }),
        },
      },
      plugins: [valuesAtBars(share)],
    }));
  }

  /** Writes each bar's value behind it. */
  function valuesAtBars(share) {
    return {
      id: 'values-at-bars',
      afterDatasetsDraw(chart) {
        const { ctx, chartArea } = chart;
        ctx.save();
        ctx.font = '11px ' + Chart.defaults.font.family;
        ctx.textBaseline = 'middle';
        chart.data.datasets.forEach((dataset, d) => chart.getDatasetMeta(d).data.forEach((element, i) => {
          const text = share ? percent(dataset.data[i]) : whole.format(dataset.counts[i]);
          const inside = element.x + ctx.measureText(text).width + 10 > chartArea.right;
          ctx.textAlign = inside ? 'right' : 'left';
          ctx.fillStyle = css(inside ? '--surface' : '--soft');
          ctx.fillText(text, element.x + (inside ? -6 : 6), element.y);
        }));
        ctx.restore();
      },
    };
  }

  // ---------------------------------------------------------------- tables and pictures

  function figures() {
    const columns = [['n', 'count'], ['min', 'min'], ['q1', 'q1'], ['median', 'median'], ['mean', 'mean'],
      ['q3', 'q3'], ['max', 'max'], ['std', 'std'], ['low', 'outliers_low'], ['high', 'outliers_high']];
    const rows = metrics.flatMap(metric => shown()
      .filter(entry => distribution(entry.version, metric))
      .map(entry => el('tr', {},
        el('th', { scope: 'row' }, withUnit(own(metric.title), metric.unit ? { unit: '(' + metric.unit + ')' } : metric)),
        several ? el('td', { class: 'text' }, dot(entry.index), entry.version.version) : null,
        columns.map(([, key]) => el('td', {}, format(distribution(entry.version, metric)[key]))))));
    return section('summary', t('figuresHint'),
      el('div', { class: 'card scroll', tabindex: '0', role: 'region', 'aria-label': t('summary') },
        el('table', {},
          el('thead', {}, el('tr', {},
            el('th', { scope: 'col' }, t('metric')),
            several ? el('th', { scope: 'col', class: 'text' }, t('version')) : null,
            columns.map(([name]) => el('th', { scope: 'col' }, t(name))))),
          el('tbody', {}, rows))));
  }

  function outliers() {
    const groups = pictured.filter(group =>
      shown().some(entry => entry.version.version === group.version));
    if (groups.length === 0) return null;
    return section('outliers', t('outliersHint'), el('div', { class: 'gallery' }, groups.map(group => {
      const metric = metrics.find(m => m.id === group.metric);
      return el('div', { class: 'card group' },
        el('h3', {}, (several ? group.version + ' · ' : '') + own(metric.title) + ': '
          + t(group.end)),
        el('div', { class: 'items' }, group.items.map(item => sample(item, metric))));
    })));
  }

  function sample(item, metric) {
    const picture = thumbnails[item.id];
    return el('figure', { class: 'sample', title: item.source },
      el('div', { class: 'picture' },
        picture
          ? el('img', { src: picture.uri, alt: item.name, loading: 'lazy' })
          : el('div', { class: 'lost' }, t('noPicture')),
        picture && item.box ? frame(item.box, picture) : null),
      el('figcaption', {}, el('b', {}, withUnit(format(item.value), metric)),
        el('span', { class: 'file' }, item.name.length > 14 ? '…' + item.name.slice(-12) : item.name)));
  }

  function frame(box, picture) {
    const x = value => Math.max(0, Math.min(100, value / picture.width * 100));
    const y = value => Math.max(0, Math.min(100, value / picture.height * 100));
    return el('div', {
      class: 'box', 'aria-hidden': 'true',
      style: {
        left: x(box[0]) + '%', top: y(box[1]) + '%',
        width: x(box[2]) - x(box[0]) + '%', height: y(box[3]) - y(box[1]) + '%',
      },
    });
  }

  function unreadable() {
    const rows = shown().flatMap(({ version }) =>
      version.unreadable_samples.map(item => ({ version, item })));
    if (rows.length === 0) return null;
    const total = sum(shown().map(({ version }) => sum(Object.values(version.unreadable))));
    return section('unreadable', rows.length < total ? t('first', rows.length, total) : null,
      el('div', { class: 'card scroll' }, el('table', {},
        el('thead', {}, el('tr', {},
          el('th', { class: 'text', scope: 'col' }, t('source')),
          several ? el('th', { class: 'text', scope: 'col' }, t('version')) : null,
          el('th', { class: 'text', scope: 'col' }, t('reason')))),
        el('tbody', {}, rows.map(({ version, item }) => el('tr', {},
          el('td', { class: 'text path' }, item.source),
          several ? el('td', { class: 'text' }, version.version) : null,
          el('td', { class: 'text' }, t(item.reason))))))));
  }

  function footer() {
    return el('footer', { class: 'wrap' }, el('p', {}, t('footer')),
      el('details', {}, el('summary', {}, t('licence')),
        el('pre', {}, document.getElementById('chart-licence').textContent.trim())));
  }

  draw();
})();
