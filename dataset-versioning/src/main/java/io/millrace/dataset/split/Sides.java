package io.millrace.dataset.split;

import io.millrace.dataset.Usage;
import io.millrace.dataset.versioning.SplitParts;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where samples can belong, as numbers: first the parts that are drawn, then the usages, for
 * samples that have one and are in no drawn part.
 */
final class Sides implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final List<Usage> USAGES = List.of(Usage.values());

  private final List<String> names;

  /** The usages of the drawn parts; of folds none. */
  private final List<Usage> drawnUsages;

  private final boolean areFolds;

  /** The fold that is EVAL; -1 where no fold has a usage. */
  private final int evalFold;

  private Sides(List<String> names, List<Usage> drawnUsages, boolean areFolds, int evalFold) {
    this.names = List.copyOf(names);
    this.drawnUsages = List.copyOf(drawnUsages);
    this.areFolds = areFolds;
    this.evalFold = evalFold;
  }

  static Sides of(SplitParts parts) {
    List<Usage> usages =
        parts instanceof SplitParts.Shares shares ? shares.usages() : List.<Usage>of();
    int eval = parts instanceof SplitParts.Folds folds ? folds.eval().orElse(-1) : -1;
    return new Sides(parts.names(), usages, parts instanceof SplitParts.Folds, eval);
  }

  /** How many parts are drawn. */
  int drawn() {
    return names.size();
  }

  /** Whether the side is one of the drawn parts. */
  boolean isDrawn(int side) {
    return side < drawn();
  }

  int of(Usage usage) {
    int part = drawnUsages.indexOf(usage);
    return part >= 0 ? part : drawn() + USAGES.indexOf(usage);
  }

  /**
   * The side of a text by which earlier versions are read: a usage, or the number of a fold.
   *
   * @return empty for the number of a fold that there is none of
   */
  OptionalInt ofEarlier(String text) {
    Optional<Usage> usage = Usage.parse(text);
    if (usage.isPresent()) {
      return OptionalInt.of(of(usage.get()));
    }
    int fold = Integer.parseInt(text);
    return areFolds && fold < drawn() ? OptionalInt.of(fold) : OptionalInt.empty();
  }

  /** For messages. */
  String name(int side) {
    return isDrawn(side) ? names.get(side) : USAGES.get(side - drawn()).name();
  }

  /** The usage of a sample on this side; none in a fold, unless one is chosen for evaluation. */
  Optional<Usage> usage(int side) {
    if (!isDrawn(side)) {
      return Optional.of(USAGES.get(side - drawn()));
    }
    if (!areFolds) {
      return Optional.of(drawnUsages.get(side));
    }
    return evalFold < 0
        ? Optional.empty()
        : Optional.of(side == evalFold ? Usage.EVAL : Usage.TRAIN);
  }

  /** The fold of a sample on this side. */
  OptionalInt fold(int side) {
    return areFolds && isDrawn(side) ? OptionalInt.of(side) : OptionalInt.empty();
  }
}
