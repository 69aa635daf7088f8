package io.millrace.inference.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.Label;
import io.millrace.dataset.Shape.BoundingBox;
import io.millrace.inference.Answer.Detection;
import io.millrace.inference.Evaluation;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Average precision of detected boxes, as COCO counts it: matching within each image and label,
 * best score first, at the IoU thresholds 0.50, 0.55 ... 0.95; at most 100 detections an image and
 * label. Difficult objects are left out as Pascal VOC does it: whoever finds one gains and loses
 * nothing. Only what a model reports counts, so that a high score threshold in its description
 * lowers the figures.
 *
 * <p>Labels without objects have no average precision; their detections still count as false. Not
 * safe for use by several threads; holds some 16 bytes a detection.
 *
 * @see <a href="https://cocodataset.org/#detection-eval">COCO detection evaluation</a>
 */
public final class DetectionEvaluation implements Evaluation {
  private static final int THRESHOLDS = 10;
  private static final int DETECTIONS_AN_IMAGE = 100;
  private static final int AT_50 = 0;

  private final TreeMap<Label, RankedHits> hits = new TreeMap<>();
  private long images;

  /** Counts one image; a list may be empty. */
  public void add(List<TruthBox> truth, List<Detection> found) {
    images++;
    SortedSet<Label> labels = new TreeSet<>();
    truth.forEach(object -> labels.add(object.label()));
    found.forEach(detection -> labels.add(detection.label()));
    for (Label label : labels) {
      addLabel(
          hits.computeIfAbsent(label, absent -> new RankedHits()),
          truth.stream()
              .filter(object -> object.label().equals(label))
              .sorted(Comparator.comparing(TruthBox::difficult))
              .toList(),
          found.stream()
              .filter(detection -> detection.label().equals(label))
              .sorted(Comparator.comparingDouble(detection -> -detection.score()))
              .limit(DETECTIONS_AN_IMAGE)
              .toList());
    }
  }

  private static void addLabel(RankedHits ranked, List<TruthBox> truth, List<Detection> found) {
    truth.stream().filter(object -> !object.difficult()).forEach(object -> ranked.addObject());
    boolean[][] taken = new boolean[THRESHOLDS][truth.size()];
    for (Detection detection : found) {
      double[] overlaps = overlaps(detection.box(), truth);
      int hit = 0;
      int ignored = 0;
      for (int threshold = 0; threshold < THRESHOLDS; threshold++) {
        int match = match(overlaps, truth, taken[threshold], (50 + 5 * threshold) / 100.0);
        if (match >= 0 && truth.get(match).difficult()) {
          ignored |= 1 << threshold;
        } else if (match >= 0) {
          hit |= 1 << threshold;
          taken[threshold][match] = true;
        }
      }
      ranked.addDetection(detection.score(), hit, ignored);
    }
  }

  private static double[] overlaps(BoundingBox box, List<TruthBox> truth) {
    return truth.stream().mapToDouble(object -> box.intersectionOverUnion(object.box())).toArray();
  }

  /** The free object with the most overlap, at least the threshold; difficult ones come last. */
  private static int match(
      double[] overlaps, List<TruthBox> truth, boolean[] taken, double threshold) {
    int match = -1;
    double best = Math.min(threshold, 1 - 1e-10);
    for (int i = 0; i < overlaps.length; i++) {
      boolean onlyDifficultLeft = truth.get(i).difficult();
      if (match >= 0 && onlyDifficultLeft && !truth.get(match).difficult()) {
        return match;
      }
      if (!taken[i] && overlaps[i] >= best) {
        best = overlaps[i];
        match = i;
      }
    }
    return match;
  }

  @Override
  public long images() {
    return images;
  }

  /** The labels that have objects which count, in alphabetical order. */
  public SortedSet<Label> labels() {
    return hits.entrySet().stream()
        .filter(entry -> entry.getValue().objects() > 0)
        .map(entry -> entry.getKey())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** COCO's AP at IoU 0.5 of one of {@link #labels()}. */
  public double averagePrecision50(Label label) {
    return hits.get(label).interpolatedPrecision(AT_50);
  }

  /** COCO's AP, the mean over the IoU thresholds 0.50 to 0.95, of one of {@link #labels()}. */
  public double averagePrecision(Label label) {
    RankedHits ranked = hits.get(label);
    double sum = 0;
    for (int threshold = 0; threshold < THRESHOLDS; threshold++) {
      sum += ranked.interpolatedPrecision(threshold);
    }
    return sum / THRESHOLDS;
  }

  /** Pascal VOC's AP at IoU 0.5, over all points of recall, of one of {@link #labels()}. */
  public double vocAveragePrecision50(Label label) {
    return hits.get(label).precisionArea(AT_50);
  }

  /** What was found, wrongly reported and missed at IoU 0.5, of any label that occurs. */
  public LabelCounts counts50(Label label) {
    return hits.get(label).counts(AT_50);
  }

  /** Mean of {@link #averagePrecision50} over the labels; 0 for none. */
  public double meanAveragePrecision50() {
    return labels().stream().mapToDouble(this::averagePrecision50).average().orElse(0);
  }

  /** COCO's mAP@[.5:.95], the mean of {@link #averagePrecision} over the labels; 0 for none. */
  public double meanAveragePrecision() {
    return labels().stream().mapToDouble(this::averagePrecision).average().orElse(0);
  }

  @Override
  public String toLine() {
    return String.format(
        Locale.ROOT,
        "Agreement with the boxes of %,d images: mAP@[.5:.95] %.3f, mAP50 %.3f%s",
        images,
        meanAveragePrecision(),
        meanAveragePrecision50(),
        labels().stream()
            .map(label -> String.format(Locale.ROOT, "%s %.3f", label, averagePrecision50(label)))
            .collect(Collectors.joining(", ", " (AP50 ", ")")));
  }

  @Override
  public void addTo(ObjectNode node) {
    node.put("images", images);
    node.put("map", Figures.rounded(meanAveragePrecision()));
    node.put("map50", Figures.rounded(meanAveragePrecision50()));
    ObjectNode classes = node.putObject("classes");
    hits.forEach((label, ranked) -> addClass(classes.putObject(label.value()), label, ranked));
  }

  private void addClass(ObjectNode node, Label label, RankedHits ranked) {
    LabelCounts counts = ranked.counts(AT_50);
    node.put("objects", ranked.objects());
    if (ranked.objects() > 0) {
      node.put("ap", Figures.rounded(averagePrecision(label)));
      node.put("ap50", Figures.rounded(averagePrecision50(label)));
      node.put("voc_ap50", Figures.rounded(vocAveragePrecision50(label)));
    }
    node.put("true_positives", counts.truePositives());
    node.put("false_positives", counts.falsePositives());
    node.put("false_negatives", counts.falseNegatives());
    node.put("precision", Figures.rounded(counts.precision()));
    node.put("recall", Figures.rounded(counts.recall()));
    node.put("f1", Figures.rounded(counts.f1()));
  }
}
