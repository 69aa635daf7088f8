package io.millrace.dataset.versioning;

import static io.millrace.dataset.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

import io.millrace.dataset.DatasetException;
import io.millrace.dataset.Usage;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The parts that samples are drawn into, and how large they are to be. */
public sealed interface SplitParts {

  /** Nothing is drawn: samples that nobody gives a part have none. */
  SplitParts NOTHING_DRAWN = new NothingDrawn();

  /** For messages, in the order of the parts. */
  List<String> names();

  /** The relative sizes, each at least 1, in the order of the parts. */
  int[] weights();

  /** See {@link #NOTHING_DRAWN}. */
  record NothingDrawn() implements SplitParts {
    @Override
    public List<String> names() {
      return List.of();
    }

    @Override
    public int[] weights() {
      return new int[0];
    }

    @Override
    public String toString() {
      return "nothing drawn";
    }
  }

  /**
   * Usages and their shares.
   *
   * @param percents 0 to 100 each, 100 together; a usage of 0 percent is no part
   */
  record Shares(Map<Usage, Integer> percents) implements SplitParts {
    /** The usages of shares that are written without names. */
    private static final List<Usage> POSITIONS = List.of(Usage.TRAIN, Usage.EVAL, Usage.TEST);

    public Shares {
      Map<Usage, Integer> parts = new EnumMap<>(Usage.class);
      percents.forEach(
          (usage, percent) -> {
            checkArgument(
                percent >= 0 && percent <= 100,
                "Invalid share of %s: %s percent (expected 0 to 100)",
                usage,
                percent);
            if (percent > 0) {
              parts.put(usage, percent);
            }
          });
      int sum = parts.values().stream().mapToInt(Integer::intValue).sum();
      checkArgument(
          sum == 100, "Invalid shares of a split: %s percent together (expected 100)", sum);
      percents = Collections.unmodifiableMap(parts);
    }

    /**
     * Reads shares in percent.
     *
     * @param text {@code 70,20,10} for TRAIN, EVAL and TEST, of which the last may be left out, or
     *     with names, {@code TRAIN=90,TEST=10}
     * @throws DatasetException if the text is nothing of this, or the sum is not 100
     */
    public static Shares parse(String text) {
      String[] items = text.split(",", -1);
      Map<Usage, Integer> percents = new EnumMap<>(Usage.class);
      for (int i = 0; i < items.length; i++) {
        int equals = items[i].indexOf('=');
        boolean isNamed = equals >= 0;
        Usage usage =
            isNamed
                ? Usage.parse(items[i].substring(0, equals).strip())
                    .orElseThrow(() -> invalid(text, null))
                : i < POSITIONS.size() ? POSITIONS.get(i) : null;
        if (usage == null || isNamed != items[0].contains("=")) {
          throw invalid(text, null);
        }
        if (percents.put(usage, percent(text, items[i].substring(equals + 1))) != null) {
          throw invalid(text, null);
        }
      }
      return new Shares(percents);
    }

    private static int percent(String text, String number) {
      try {
        return Integer.parseInt(number.strip());
      } catch (NumberFormatException e) {
        throw invalid(text, e);
      }
    }

    private static DatasetException invalid(String text, RuntimeException cause) {
      return new DatasetException(
          "Invalid split: '%s' (expected whole percents that add up to 100, for TRAIN, EVAL and TEST as in 70,20,10, or with names as in TRAIN=90,TEST=10)"
              .formatted(text),
          cause);
    }

    /** The usages that are parts, in the order of the parts. */
    public List<Usage> usages() {
      return List.copyOf(percents.keySet());
    }

    @Override
    public List<String> names() {
      return percents.keySet().stream().map(Usage::name).toList();
    }

    @Override
    public int[] weights() {
      return percents.values().stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public String toString() {
      return percents.entrySet().stream()
          .map(share -> share.getKey() + " " + share.getValue() + " %")
          .collect(Collectors.joining(", "));
    }
  }

  /**
   * Folds of equal size, numbered from 0, for cross-validation. A sample's fold is its property
   * {@value #PROPERTY}; samples have no usage, unless one fold is chosen for evaluation.
   *
   * @param count 2 to {@value #MOST}
   * @param eval the fold whose samples are EVAL while those of the others are TRAIN; may be absent
   */
  record Folds(int count, OptionalInt eval) implements SplitParts {
    /** The property of samples that holds the number of their fold. */
    public static final String PROPERTY = "fold";

    public static final int MOST = 100;

    public Folds {
      requireNonNull(eval, "eval is null");
      checkArgument(
          count >= 2 && count <= MOST,
          "Invalid number of folds: %s (expected 2 to %s)",
          count,
          MOST);
      checkArgument(
          eval.isEmpty() || (eval.getAsInt() >= 0 && eval.getAsInt() < count),
          "Invalid fold for evaluation: %s (expected 0 to %s)",
          eval.orElse(0),
          count - 1);
    }

    @Override
    public List<String> names() {
      return IntStream.range(0, count).mapToObj(fold -> "fold " + fold).toList();
    }

    @Override
    public int[] weights() {
      int[] weights = new int[count];
      Arrays.fill(weights, 1);
      return weights;
    }

    @Override
    public String toString() {
      return count
          + " folds"
          + (eval.isPresent() ? ", fold " + eval.getAsInt() + " for evaluation" : "");
    }
  }
}
