package io.millrace.inference.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.Label;
import io.millrace.inference.Evaluation;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * Which labels were taken for which: one true and one predicted label an image. Not safe for use by
 * several threads.
 */
public final class ConfusionMatrix implements Evaluation {
  private final SortedMap<Label, SortedMap<Label, Long>> counts = new TreeMap<>();
  private final SortedSet<Label> labels = new TreeSet<>();
  private long images;
  private long correct;

  /** Counts one image. */
  public void add(Label truth, Label predicted) {
    labels.add(truth);
    labels.add(predicted);
    counts.computeIfAbsent(truth, label -> new TreeMap<>()).merge(predicted, 1L, Long::sum);
    images++;
    if (truth.equals(predicted)) {
      correct++;
    }
  }

  @Override
  public long images() {
    return images;
  }

  /** Every label that occurs, as truth or as prediction, in alphabetical order. */
  public SortedSet<Label> labels() {
    return new TreeSet<>(labels);
  }

  /** Images of the label {@code truth} that were taken for {@code predicted}. */
  public long count(Label truth, Label predicted) {
    return counts.getOrDefault(truth, new TreeMap<>()).getOrDefault(predicted, 0L);
  }

  /** Share of the images whose predicted label is the true one; 0 for no images. */
  public double accuracy() {
    return images == 0 ? 0 : (double) correct / images;
  }

  public LabelCounts of(Label label) {
    long hits = count(label, label);
    long given = labels.stream().mapToLong(truth -> count(truth, label)).sum();
    long there = labels.stream().mapToLong(predicted -> count(label, predicted)).sum();
    return new LabelCounts(hits, given - hits, there - hits);
  }

  /** Mean over all labels that occur, each with the same weight; 0 for no images. */
  public double macroAverage(ToDoubleFunction<LabelCounts> figure) {
    return labels.stream().map(this::of).mapToDouble(figure).average().orElse(0);
  }

  @Override
  public String toLine() {
    return String.format(
        Locale.ROOT,
        "Agreement with the labels of %,d images: accuracy %.3f, macro precision %.3f, recall %.3f,"
            + " F1 %.3f",
        images,
        accuracy(),
        macroAverage(LabelCounts::precision),
        macroAverage(LabelCounts::recall),
        macroAverage(LabelCounts::f1));
  }

  @Override
  public void addTo(ObjectNode node) {
    node.put("images", images);
    node.put("accuracy", Figures.rounded(accuracy()));
    node.put("precision", Figures.rounded(macroAverage(LabelCounts::precision)));
    node.put("recall", Figures.rounded(macroAverage(LabelCounts::recall)));
    node.put("f1", Figures.rounded(macroAverage(LabelCounts::f1)));
    ObjectNode classes = node.putObject("classes");
    for (Label label : labels) {
      LabelCounts figures = of(label);
      classes
          .putObject(label.value())
          .put("images", figures.support())
          .put("precision", Figures.rounded(figures.precision()))
          .put("recall", Figures.rounded(figures.recall()))
          .put("f1", Figures.rounded(figures.f1()));
    }
    ObjectNode matrix = node.putObject("confusion_matrix");
    ArrayNode names = matrix.putArray("labels");
    ArrayNode rows = matrix.putArray("counts_by_truth_then_prediction");
    for (Label truth : labels) {
      names.add(truth.value());
      ArrayNode row = rows.addArray();
      labels.forEach(predicted -> row.add(count(truth, predicted)));
    }
  }
}
