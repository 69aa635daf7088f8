package io.millrace.analysis;

import io.millrace.analysis.Finding.Severity;
import io.millrace.analysis.distribution.Distribution;
import io.millrace.analysis.distribution.Summary;
import io.millrace.analysis.distribution.View;
import io.millrace.dataset.VersionName;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** Looks through a report for what a person would point out. */
final class Findings {
  /** ModelArts' guide: some 1000 images are needed before distributions mean something. */
  private static final long ENOUGH_IMAGES = 1000;

  /** From this ratio on class imbalance is usually worth a countermeasure. */
  private static final long IMBALANCE = 10;

  /** Labels with fewer occurrences can hardly be learnt or evaluated. */
  private static final long RARE = 20;

  private static final Comparator<Finding> ORDER =
      Comparator.comparing(Finding::severity)
          .thenComparing(Comparator.comparingLong(Finding::count).reversed());

  private final VersionAnalysis analysis;
  private final VersionName version;
  private final List<Finding> found = new ArrayList<>();

  private Findings(VersionAnalysis analysis) {
    this.analysis = analysis;
    this.version = analysis.version();
  }

  static List<Finding> of(AnalysisReport report) {
    return report.versions().stream()
        .flatMap(version -> new Findings(version).look().stream())
        .sorted(ORDER)
        .toList();
  }

  private List<Finding> look() {
    unreadable();
    boxesWithoutPixels();
    labelImbalance();
    rareLabels();
    fewImages();
    analysis.distributions().forEach((metric, views) -> outliers(metric, views));
    return found;
  }

  private void unreadable() {
    long count = analysis.unreadableCount();
    if (count > 0) {
      String reasons =
          analysis.unreadable().entrySet().stream()
              .map(entry -> entry.getValue() + " " + entry.getKey())
              .collect(Collectors.joining(", "));
      add(
          Severity.PROBLEM,
          "unreadable",
          Optional.empty(),
          count,
          "%s could not be read (%s) and %s in no figure. Repair or remove %s."
              .formatted(
                  images(count), reasons, count == 1 ? "is" : "are", count == 1 ? "it" : "them"),
          "%d 张图片无法读取（%s），未计入任何指标。请修复或删除。".formatted(count, reasons));
    }
  }

  private void boxesWithoutPixels() {
    long count = analysis.boxesWithoutPixels();
    if (count > 0) {
      add(
          Severity.PROBLEM,
          "boxes-without-pixels",
          Optional.empty(),
          count,
          "%d box%s cover%s no pixel of the image (under 1 px, or outside). Drop or redraw."
              .formatted(count, count == 1 ? "" : "es", count == 1 ? "s" : ""),
          "%d 个目标框不覆盖任何像素（小于 1 像素或位于图片之外）。请删除或重新标注。".formatted(count));
    }
  }

  private void labelImbalance() {
    SortedMap<String, Long> labels = analysis.labels().get(View.ALL);
    if (labels == null || labels.size() < 2) {
      return;
    }
    Map.Entry<String, Long> most =
        labels.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
    Map.Entry<String, Long> least =
        labels.entrySet().stream().min(Map.Entry.comparingByValue()).orElseThrow();
    long ratio = most.getValue() / least.getValue();
    if (ratio >= IMBALANCE) {
      add(
          Severity.WARNING,
          "label-imbalance",
          Optional.empty(),
          least.getValue(),
          "Labels are unbalanced: %s occurs %d times, %s only %d times (%d : 1). Collect or augment the rare one, or weigh the loss."
              .formatted(most.getKey(), most.getValue(), least.getKey(), least.getValue(), ratio),
          "标签分布不均衡：%s 出现 %d 次，%s 仅 %d 次（%d : 1）。请补充或增强少数类，或调整损失权重。"
              .formatted(most.getKey(), most.getValue(), least.getKey(), least.getValue(), ratio));
    }
  }

  private void rareLabels() {
    SortedMap<String, Long> labels = analysis.labels().get(View.ALL);
    if (labels == null) {
      return;
    }
    List<String> rare =
        labels.entrySet().stream()
            .filter(entry -> entry.getValue() < RARE)
            .map(Map.Entry::getKey)
            .toList();
    if (!rare.isEmpty()) {
      String names = rare.stream().limit(5).collect(Collectors.joining(", "));
      String more = rare.size() > 5 ? ", …" : "";
      add(
          Severity.WARNING,
          "rare-labels",
          Optional.empty(),
          rare.size(),
          "%d label%s occur%s fewer than %d times: %s%s."
              .formatted(
                  rare.size(),
                  rare.size() == 1 ? "" : "s",
                  rare.size() == 1 ? "s" : "",
                  RARE,
                  names,
                  more),
          "%d 个标签出现少于 %d 次：%s%s。".formatted(rare.size(), RARE, names, more));
    }
  }

  private void fewImages() {
    if (analysis.measured() < ENOUGH_IMAGES) {
      add(
          Severity.NOTE,
          "few-images",
          Optional.empty(),
          analysis.measured(),
          "%s: distributions become meaningful from about %d."
              .formatted(images(analysis.measured()), ENOUGH_IMAGES),
          "共 %d 张图片：约 %d 张以上时分布才有统计意义。".formatted(analysis.measured(), ENOUGH_IMAGES));
    }
  }

  private void outliers(Metric metric, Map<View, Distribution> views) {
    Summary summary = views.get(View.ALL).summary();
    if (summary.interquartileRange() == 0) {
      differentFromMost(metric, summary);
      return;
    }
    MetricText text = MetricText.of(metric);
    if (summary.lowOutliers() > 0) {
      addOutliers(
          metric,
          "outliers-low",
          summary.lowOutliers(),
          new BilingualText(
              "%d %s: %s below %s (Q1 − 1.5 IQR). %s", "%d %s：%s低于 %s（Q1 − 1.5 IQR）。%s"),
          text.low(),
          summary.lowerFence());
    }
    if (summary.highOutliers() > 0) {
      addOutliers(
          metric,
          "outliers-high",
          summary.highOutliers(),
          new BilingualText(
              "%d %s: %s above %s (Q3 + 1.5 IQR). %s", "%d %s：%s高于 %s（Q3 + 1.5 IQR）。%s"),
          text.high(),
          summary.upperFence());
    }
  }

  /** The sentences have places for the count, what it counts, the metric, the fence, the advice. */
  private void addOutliers(
      Metric metric,
      String id,
      long count,
      BilingualText sentence,
      BilingualText what,
      double fence) {
    MetricText text = MetricText.of(metric);
    String limit = (number(fence) + " " + metric.unit()).trim();
    add(
        Severity.NOTE,
        id,
        Optional.of(metric),
        count,
        String.format(
            Locale.ROOT,
            sentence.english(),
            count,
            count == 1 ? singular(what.english()) : what.english(),
            text.title().english().toLowerCase(Locale.ROOT),
            limit,
            text.advice().english()),
        String.format(
            Locale.ROOT,
            sentence.chinese(),
            count,
            what.chinese(),
            text.title().chinese(),
            limit,
            text.advice().chinese()));
  }

  /** Where the middle half is one value, such as one resolution, each other value stands out. */
  private void differentFromMost(Metric metric, Summary summary) {
    long others = summary.lowOutliers() + summary.highOutliers();
    if (others == 0 || metric.subject() != Metric.Subject.IMAGE) {
      return;
    }
    MetricText text = MetricText.of(metric);
    String usual = (number(summary.median()) + " " + metric.unit()).trim();
    add(
        Severity.NOTE,
        "different-from-most",
        Optional.of(metric),
        others,
        "%s differ%s from the usual %s of %s. %s"
            .formatted(
                images(others),
                others == 1 ? "s" : "",
                text.title().english().toLowerCase(Locale.ROOT),
                usual,
                text.advice().english()),
        "%d 张图片的%s不同于多数图片的 %s。%s"
            .formatted(others, text.title().chinese(), usual, text.advice().chinese()));
  }

  private void add(
      Severity severity,
      String id,
      Optional<Metric> metric,
      long count,
      String english,
      String chinese) {
    found.add(
        new Finding(severity, id, version, metric, count, new BilingualText(english, chinese)));
  }

  private static String images(long count) {
    return count == 1 ? "1 image" : count + " images";
  }

  private static String singular(String plural) {
    return plural.replaceFirst("boxes$", "box").replaceFirst("images$", "image");
  }

  /** Three significant digits, whole numbers in full. */
  private static String number(double value) {
    return Math.abs(value) >= 1000
        ? String.format(Locale.ROOT, "%,d", Math.round(value))
        : BigDecimal.valueOf(value)
            .round(new MathContext(3, RoundingMode.HALF_UP))
            .stripTrailingZeros()
            .toPlainString();
  }
}
