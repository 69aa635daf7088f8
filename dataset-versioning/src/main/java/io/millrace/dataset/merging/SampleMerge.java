package io.millrace.dataset.merging;

import static java.util.Objects.requireNonNull;

import io.millrace.dataset.Hardness;
import io.millrace.dataset.Measures;
import io.millrace.dataset.Properties;
import io.millrace.dataset.Sample;
import io.millrace.dataset.merging.MergedSample.Action;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Decides what becomes of a sample when a source is merged into a target.
 *
 * <p>Each {@link Aspect} is merged for itself. With a base, what one side alone changed is taken
 * from it, and what both changed in different ways is a clash. Without one nobody can tell a change
 * from an original: what one side does not say (no annotations, no usage ...) is taken from the
 * other, and what both say differently is a clash; nothing is removed. What {@link MergePolicy}
 * does not settle is a conflict.
 *
 * <p>That one side labelled a sample whose bytes the other replaced is a clash of content: nobody
 * saw these labels on those bytes.
 *
 * <p>Whether a sample was changed on the side that did not remove it, its usage and hard marks do
 * not tell: publishing sets or clears them, and the base is a published version.
 *
 * <p>When a sample entered the target, by which import, and what storage said of it, stay as the
 * target has them; of content that is taken from the source, the source's.
 */
public final class SampleMerge {

  /** Whether there is a state that both sides come from. */
  public enum Basis {
    COMMON_BASE,
    NO_BASE
  }

  private final MergePolicy policy;
  private final Basis basis;

  public SampleMerge(MergePolicy policy, Basis basis) {
    this.policy = requireNonNull(policy, "policy is null");
    this.basis = requireNonNull(basis, "basis is null");
  }

  /**
   * Merges one sample.
   *
   * @param sides without a base where there is none
   */
  public MergedSample merge(SampleSides sides) {
    Optional<Sample> base = basis == Basis.COMMON_BASE ? sides.base() : Optional.empty();
    if (sides.ours().isPresent() && sides.theirs().isPresent()) {
      return new Combination(base, sides.ours().get(), sides.theirs().get()).result();
    }
    if (sides.theirs().isPresent()) {
      return onlyTheirs(base, sides.theirs().get());
    }
    return sides.ours().isPresent() ? onlyOurs(base, sides.ours().get()) : kept(Set.of());
  }

  private MergedSample onlyTheirs(Optional<Sample> base, Sample theirs) {
    if (base.isEmpty()) {
      return new MergedSample(Action.ADD, Optional.of(theirs), Set.of());
    }
    if (isUnchanged(base.get(), theirs)) {
      return kept(Set.of());
    }
    return switch (policy) {
      case FAIL -> conflict(Set.of(Aspect.PRESENCE));
      case OURS -> kept(Set.of(Aspect.PRESENCE));
      case THEIRS, UNION_LABELS ->
          new MergedSample(Action.ADD, Optional.of(theirs), Set.of(Aspect.PRESENCE));
    };
  }

  private MergedSample onlyOurs(Optional<Sample> base, Sample ours) {
    if (base.isEmpty()) {
      return kept(Set.of());
    }
    if (isUnchanged(base.get(), ours)) {
      return new MergedSample(Action.REMOVE, Optional.empty(), Set.of());
    }
    return switch (policy) {
      case FAIL -> conflict(Set.of(Aspect.PRESENCE));
      case OURS, UNION_LABELS -> kept(Set.of(Aspect.PRESENCE));
      case THEIRS -> new MergedSample(Action.REMOVE, Optional.empty(), Set.of(Aspect.PRESENCE));
    };
  }

  private static MergedSample kept(Set<Aspect> clashes) {
    return new MergedSample(Action.KEEP, Optional.empty(), clashes);
  }

  private static MergedSample conflict(Set<Aspect> clashes) {
    return new MergedSample(Action.CONFLICT, Optional.empty(), clashes);
  }

  private static boolean isUnchanged(Sample base, Sample side) {
    return hasSameContent(base, side)
        && new AnnotationSet(base.annotations())
            .saysTheSameAs(new AnnotationSet(side.annotations()))
        && base.properties().equals(side.properties())
        && base.inferenceLocation().equals(side.inferenceLocation())
        && base.foreignFields().equals(side.foreignFields());
  }

  /** By digest where both have one; else by address and size. */
  static boolean hasSameContent(Sample left, Sample right) {
    if (left.kind() != right.kind()) {
      return false;
    }
    if (left.digest().isPresent() && right.digest().isPresent()) {
      return left.digest().equals(right.digest());
    }
    return left.source().canonical().equals(right.source().canonical())
        && left.sizeBytes() == right.sizeBytes();
  }

  /** Which side has what a merge takes. */
  private enum Side {
    OURS,
    THEIRS
  }

  /** Two samples with one id, becoming one. */
  private final class Combination {
    private final Optional<Sample> base;
    private final Sample ours;
    private final Sample theirs;
    private final Set<Aspect> clashes = EnumSet.noneOf(Aspect.class);
    private boolean isUnsettled;

    Combination(Optional<Sample> base, Sample ours, Sample theirs) {
      this.base = base;
      this.ours = ours;
      this.theirs = theirs;
    }

    MergedSample result() {
      Sample content = withContent();
      Sample merged =
          new Sample(
              ours.id(),
              content.source(),
              content.kind(),
              content.sizeBytes(),
              content.digest(),
              ours.createdAt(),
              content.sourceState(),
              pick(Aspect.USAGE, Sample::usage, Optional.empty()).usage(),
              pick(Aspect.HARDNESS, Sample::hardness, Hardness.NONE).hardness(),
              properties(),
              content.measures(),
              content.annotations(),
              pick(Aspect.OTHER, Sample::inferenceLocation, Optional.empty()).inferenceLocation(),
              ours.origin(),
              pick(Aspect.OTHER, Sample::foreignFields, "").foreignFields());
      if (isUnsettled) {
        return conflict(clashes);
      }
      return merged.equals(ours)
          ? kept(clashes)
          : new MergedSample(Action.CHANGE, Optional.of(merged), clashes);
    }

    /** Content and annotations depend on each other. */
    private Sample withContent() {
      Side content =
          side(Aspect.CONTENT, Function.identity(), SampleMerge::hasSameContent, sample -> false);
      AnnotationMerge annotations = new AnnotationMerge(policy, base.map(Sample::annotations));
      AnnotationMerge.Merged merged = annotations.merge(ours.annotations(), theirs.annotations());
      clashes.addAll(merged.clashes());
      isUnsettled |= merged.isUnsettled();
      Sample owner = content == Side.OURS ? ours : theirs;
      boolean crosses =
          !hasSameContent(ours, theirs)
              && !clashes.contains(Aspect.CONTENT)
              && !new AnnotationSet(owner.annotations())
                  .saysTheSameAs(new AnnotationSet(merged.annotations()));
      if (crosses) {
        return crossed();
      }
      return content == Side.OURS
          ? ours.withMeasures(knownMeasures()).withAnnotations(merged.annotations())
          : ofTheirContent().withAnnotations(merged.annotations());
    }

    private Sample crossed() {
      return switch (clash(Aspect.CONTENT)) {
        case OURS -> ours;
        case THEIRS -> ofTheirContent().withAnnotations(theirs.annotations());
      };
    }

    private Sample ofTheirContent() {
      return ours.withSource(theirs.source())
          .withKind(theirs.kind())
          .withSizeBytes(theirs.sizeBytes())
          .withDigest(theirs.digest())
          .withMeasures(theirs.measures())
          .withSourceState(theirs.sourceState());
    }

    private Measures knownMeasures() {
      return ours.measures().equals(Measures.NONE) && hasSameContent(ours, theirs)
          ? theirs.measures()
          : ours.measures();
    }

    /** The sample to take an aspect from. */
    private <T> Sample pick(Aspect aspect, Function<Sample, T> value, T absent) {
      Side side = side(aspect, value, Objects::equals, absent::equals);
      return side == Side.OURS ? ours : theirs;
    }

    private <T> Side side(
        Aspect aspect, Function<Sample, T> value, BiPredicate<T, T> isSame, Predicate<T> isAbsent) {
      T our = value.apply(ours);
      T their = value.apply(theirs);
      if (isSame.test(our, their)) {
        return Side.OURS;
      }
      if (base.isPresent()) {
        T was = value.apply(base.get());
        if (isSame.test(was, their)) {
          return Side.OURS;
        }
        return isSame.test(was, our) ? Side.THEIRS : clash(aspect);
      }
      if (isAbsent.test(their)) {
        return Side.OURS;
      }
      return isAbsent.test(our) ? Side.THEIRS : clash(aspect);
    }

    private Side clash(Aspect aspect) {
      clashes.add(aspect);
      return switch (policy) {
        case FAIL -> {
          isUnsettled = true;
          yield Side.OURS;
        }
        case OURS -> Side.OURS;
        case THEIRS -> Side.THEIRS;
        case UNION_LABELS -> {
          isUnsettled |= aspect == Aspect.CONTENT;
          yield Side.OURS;
        }
      };
    }

    private Properties properties() {
      Map<String, Object> our = ours.properties().values();
      Map<String, Object> their = theirs.properties().values();
      Set<String> names = new LinkedHashSet<>(our.keySet());
      names.addAll(their.keySet());
      Map<String, Object> merged = new LinkedHashMap<>();
      for (String name : names) {
        Side side =
            side(
                Aspect.PROPERTIES,
                sample -> Property.of(sample.properties(), name),
                Objects::equals,
                property -> !property.isThere());
        Map<String, Object> values = side == Side.OURS ? our : their;
        if (values.containsKey(name)) {
          merged.put(name, values.get(name));
        }
      }
      return merged.equals(our) ? ours.properties() : new Properties(merged);
    }
  }

  /** A property, which can be there and null. */
  private record Property(boolean isThere, Object value) {
    static Property of(Properties properties, String name) {
      return new Property(properties.values().containsKey(name), properties.values().get(name));
    }
  }
}
