package io.millrace.training.resource;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Average and maximum of all that was sampled of a run.
 *
 * @param rows nodes, devices, the machine; at each what was sampled there
 */
public record UtilisationSummary(List<Row> rows) {
  /** Fewer looks tell nothing. */
  private static final int FEWEST_LOOKS = 3;

  /** One place of a run. Nodes come first, then devices by kind and number, then the machine. */
  public record Place(Kind kind, String device, int number) implements Comparable<Place> {

    /** What it is. */
    public enum Kind {
      NODE,
      DEVICE,
      MACHINE
    }

    public Place {
      requireNonNull(kind, "kind is null");
      requireNonNull(device, "device is null");
    }

    static Place node(int number) {
      return new Place(Kind.NODE, "", number);
    }

    static Place of(DeviceLoad device) {
      return new Place(Kind.DEVICE, device.kind().name().toLowerCase(Locale.ROOT), device.index());
    }

    static Place machine() {
      return new Place(Kind.MACHINE, "", 0);
    }

    @Override
    public int compareTo(Place other) {
      return Comparator.comparing(Place::kind)
          .thenComparing(Place::device)
          .thenComparing(Place::number)
          .compare(this, other);
    }

    /** For people: {@code worker-0}, {@code gpu 1} or {@code machine}. */
    @Override
    public String toString() {
      return switch (kind) {
        case NODE -> "worker-" + number;
        case DEVICE -> device + " " + number;
        case MACHINE -> "machine";
      };
    }
  }

  /**
   * What was sampled at one place, in percent.
   *
   * @param looks how many there were
   */
  public record Row(Place place, Usage usage, long looks, double average, double maximum) {
    public Row {
      requireNonNull(place, "place is null");
      requireNonNull(usage, "usage is null");
    }
  }

  public UtilisationSummary {
    rows = List.copyOf(rows);
  }

  /** Sums up the looks at a run. */
  public static UtilisationSummary of(List<UtilisationLook> looks) {
    TreeMap<Place, TreeMap<Usage, DoubleSummaryStatistics>> sums = new TreeMap<>();
    for (UtilisationLook look : looks) {
      for (Sample sample : samples(look)) {
        sums.computeIfAbsent(sample.place(), each -> new TreeMap<>())
            .computeIfAbsent(sample.usage(), each -> new DoubleSummaryStatistics())
            .accept(sample.percent());
      }
    }
    List<Row> rows = new ArrayList<>();
    sums.forEach(
        (place, usages) ->
            usages.forEach(
                (usage, sum) ->
                    rows.add(
                        new Row(place, usage, sum.getCount(), sum.getAverage(), sum.getMax()))));
    return new UtilisationSummary(rows);
  }

  /** One number of a look. */
  public record Sample(Place place, Usage usage, double percent) {
    public Sample {
      requireNonNull(place, "place is null");
      requireNonNull(usage, "usage is null");
    }
  }

  /** All numbers of a look, each with its place. */
  public static List<Sample> samples(UtilisationLook look) {
    List<Sample> samples = new ArrayList<>();
    look.nodes().forEach((node, load) -> addLoad(samples, Place.node(node), load));
    for (DeviceLoad device : look.devices()) {
      Place place = Place.of(device);
      device
          .utilisation()
          .ifPresent(
              percent -> samples.add(new Sample(place, device.kind().utilisation(), percent)));
      device
          .memory()
          .ifPresent(percent -> samples.add(new Sample(place, device.kind().memory(), percent)));
    }
    addLoad(samples, Place.machine(), look.machine());
    return samples;
  }

  private static void addLoad(List<Sample> samples, Place place, ProcessorLoad load) {
    samples.add(new Sample(place, Usage.CPU, load.cpu()));
    samples.add(new Sample(place, Usage.MEMORY, load.memory()));
  }

  /**
   * A warning if the job used its devices little on average, or, where none of them was sampled,
   * its share of the CPU. As in ModelArts all values of all devices count alike.
   *
   * @param devices those that the job uses
   * @param lowPercent an average below it is warned about
   * @return a sentence with advice; empty also if there were fewer than 3 looks
   */
  public Optional<String> warning(JobDevices devices, double lowPercent) {
    List<Row> ofDevices =
        rows.stream()
            .filter(row -> row.usage() == Usage.GPU || row.usage() == Usage.NPU)
            .filter(row -> devices.indexes().contains(row.place().number()))
            .toList();
    List<Row> judged =
        ofDevices.isEmpty()
            ? rows.stream()
                .filter(row -> row.place().kind() == Place.Kind.NODE && row.usage() == Usage.CPU)
                .toList()
            : ofDevices;
    OptionalDouble average = average(judged);
    long most = judged.stream().mapToLong(Row::looks).max().orElse(0);
    if (most < FEWEST_LOOKS || average.isEmpty() || average.getAsDouble() >= lowPercent) {
      return Optional.empty();
    }
    String what =
        ofDevices.isEmpty()
            ? "the CPU"
            : ofDevices.stream()
                .map(row -> row.place().toString())
                .collect(Collectors.joining(", "));
    return Optional.of(
        String.format(
            Locale.ROOT,
            "Low utilisation: %.1f %% of %s on average, below %s %%. Raise the batch size, read and augment data in parallel, or save checkpoints less often; or ask for fewer nodes or devices.",
            average.getAsDouble(),
            what,
            lowPercent == Math.rint(lowPercent)
                ? Long.toString(Math.round(lowPercent))
                : Double.toString(lowPercent)));
  }

  private static OptionalDouble average(List<Row> rows) {
    long looks = rows.stream().mapToLong(Row::looks).sum();
    return looks == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            rows.stream().mapToDouble(row -> row.average() * row.looks()).sum() / looks);
  }
}
