package io.millrace.inference.evaluation;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The detections of one label in all images with what each one hit, at several IoU thresholds at
 * once: bit {@code t} of a mask speaks of threshold number {@code t}.
 */
final class RankedHits {
  /** Recall levels at which COCO reads the precision: 0, 0.01 ... 1. */
  private static final int RECALL_LEVELS = 101;

  private double[] scores = new double[16];
  private int[] hits = new int[16];
  private int[] ignored = new int[16];
  private int size;
  private long objects;

  void addObject() {
    objects++;
  }

  /**
   * @param hit thresholds at which it found an object that no better detection had found
   * @param ignore thresholds at which it found an object that does not count
   */
  void addDetection(double score, int hit, int ignore) {
    if (size == scores.length) {
      scores = Arrays.copyOf(scores, 2 * size);
      hits = Arrays.copyOf(hits, 2 * size);
      ignored = Arrays.copyOf(ignored, 2 * size);
    }
    scores[size] = score;
    hits[size] = hit;
    ignored[size] = ignore;
    size++;
  }

  /** Objects that count. */
  long objects() {
    return objects;
  }

  LabelCounts counts(int threshold) {
    int bit = 1 << threshold;
    long found = IntStream.range(0, size).filter(i -> (hits[i] & bit) != 0).count();
    long left = IntStream.range(0, size).filter(i -> (ignored[i] & bit) != 0).count();
    return new LabelCounts(found, size - found - left, objects - found);
  }

  /**
   * Mean of the precision at 101 levels of recall, where the precision at a level is the best at
   * that recall or any higher; 0 for no detections. At least one object must count.
   *
   * @see <a href="https://cocodataset.org/#detection-eval">COCO detection evaluation</a>
   */
  double interpolatedPrecision(int threshold) {
    Curve curve = curve(threshold);
    double sum = 0;
    int at = 0;
    for (int level = 0; level < RECALL_LEVELS; level++) {
      while (at < curve.recall.length && curve.recall[at] < level / 100.0) {
        at++;
      }
      sum += at < curve.recall.length ? curve.precision[at] : 0;
    }
    return sum / RECALL_LEVELS;
  }

  /**
   * Area under the precision envelope over all points of recall, as Pascal VOC has it since 2010.
   * At least one object must count.
   */
  double precisionArea(int threshold) {
    Curve curve = curve(threshold);
    double area = 0;
    double before = 0;
    for (int i = 0; i < curve.recall.length; i++) {
      area += (curve.recall[i] - before) * curve.precision[i];
      before = curve.recall[i];
    }
    return area;
  }

  /** After each detection, best score first: the recall so far, the best precision from here on. */
  private static final class Curve {
    private final double[] recall;
    private final double[] precision;

    private Curve(int points) {
      recall = new double[points];
      precision = new double[points];
    }
  }

  private Curve curve(int threshold) {
    int bit = 1 << threshold;
    int[] order =
        IntStream.range(0, size)
            .filter(i -> (ignored[i] & bit) == 0)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -scores[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    Curve curve = new Curve(order.length);
    long found = 0;
    for (int i = 0; i < order.length; i++) {
      found += (hits[order[i]] & bit) != 0 ? 1 : 0;
      curve.recall[i] = (double) found / objects;
      curve.precision[i] = (double) found / (i + 1);
    }
    for (int i = order.length - 2; i >= 0; i--) {
      curve.precision[i] = Math.max(curve.precision[i], curve.precision[i + 1]);
    }
    return curve;
  }
}
