package io.millrace.training.resource;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Average and maximum of all that was sampled of a run.
 *
 * @param rows nodes, devices, machines; at each what was sampled there
 * @param used the devices that the job uses
 */
public record UtilisationSummary(List<Row> rows, Set<Place> used) {
  /** Fewer looks tell nothing. */
  private static final int FEWEST_LOOKS = 3;

  /**
   * One place of a run. Nodes come first, then devices by kind, machine and number, then machines.
   *
   * @param host the name of the machine where it is
   * @param device its kind, {@code gpu}; empty text for others
   * @param number of a node or device
   */
  public record Place(Kind kind, String host, String device, int number)
      implements Comparable<Place> {

    /** What it is. */
    public enum Kind {
      NODE,
      DEVICE,
      MACHINE
    }

    public Place {
      requireNonNull(kind, "kind is null");
      requireNonNull(host, "host is null");
      requireNonNull(device, "device is null");
    }

    static Place node(String host, int number) {
      return new Place(Kind.NODE, host, "", number);
    }

    static Place of(String host, DeviceLoad device) {
      return new Place(
          Kind.DEVICE, host, device.kind().name().toLowerCase(Locale.ROOT), device.index());
    }

    static Place machine(String host) {
      return new Place(Kind.MACHINE, host, "", 0);
    }

    @Override
    public int compareTo(Place other) {
      return Comparator.comparing(Place::kind)
          .thenComparing(Place::device)
          .thenComparing(Place::host)
          .thenComparing(Place::number)
          .compare(this, other);
    }

    /** Among those of its machine: {@code worker-0}, {@code gpu 1} or {@code machine}. */
    public String name() {
      return switch (kind) {
        case NODE -> "worker-" + number;
        case DEVICE -> device + " " + number;
        case MACHINE -> "machine";
      };
    }

    /** Among all: {@code worker-0 on n1}, {@code gpu 1 on n1} or {@code n1}. */
    @Override
    public String toString() {
      return kind == Kind.MACHINE ? host : name() + " on " + host;
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
    used = Set.copyOf(used);
  }

  /** Sums up the looks at a run. */
  public static UtilisationSummary of(List<UtilisationLook> looks) {
    TreeMap<Place, TreeMap<Usage, DoubleSummaryStatistics>> sums = new TreeMap<>();
    Set<Place> used = new HashSet<>();
    for (UtilisationLook look : looks) {
      look.machines()
          .forEach(
              (host, machine) ->
                  machine.devices().stream()
                      .filter(device -> machine.used().contains(device.index()))
                      .forEach(device -> used.add(Place.of(host, device))));
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
    return new UtilisationSummary(rows, used);
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
    look.machines().forEach((host, machine) -> addMachine(samples, host, machine));
    return samples;
  }

  private static void addMachine(List<Sample> samples, String host, MachineLook machine) {
    machine.nodes().forEach((node, load) -> addLoad(samples, Place.node(host, node), load));
    for (DeviceLoad device : machine.devices()) {
      Place place = Place.of(host, device);
      device
          .utilisation()
          .ifPresent(
              percent -> samples.add(new Sample(place, device.kind().utilisation(), percent)));
      device
          .memory()
          .ifPresent(percent -> samples.add(new Sample(place, device.kind().memory(), percent)));
    }
    addLoad(samples, Place.machine(host), machine.load());
  }

  private static void addLoad(List<Sample> samples, Place place, ProcessorLoad load) {
    samples.add(new Sample(place, Usage.CPU, load.cpu()));
    samples.add(new Sample(place, Usage.MEMORY, load.memory()));
  }

  /**
   * A warning if the job used its devices little on average, or, where none of them was sampled,
   * its share of the CPU. As in ModelArts all values of all devices count alike.
   *
   * @param lowPercent an average below it is warned about
   * @return a sentence with advice; empty also if there were fewer than 3 looks
   */
  public Optional<String> warning(double lowPercent) {
    List<Row> ofDevices =
        rows.stream()
            .filter(row -> row.usage() == Usage.GPU || row.usage() == Usage.NPU)
            .filter(row -> used.contains(row.place()))
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
    return Optional.of(
        String.format(
            Locale.ROOT,
            "Low utilisation: %.1f %% of %s on average, below %s %%. Raise the batch size, read and augment data in parallel, or save checkpoints less often; or ask for fewer nodes or devices.",
            average.getAsDouble(),
            ofDevices.isEmpty() ? "the CPU" : names(ofDevices),
            lowPercent == Math.rint(lowPercent)
                ? Long.toString(Math.round(lowPercent))
                : Double.toString(lowPercent)));
  }

  /** {@code gpu 0, gpu 1 on n1} or, as there may be thousands, {@code 16 devices on 2 machines}. */
  private static String names(List<Row> devices) {
    List<String> hosts = devices.stream().map(row -> row.place().host()).distinct().toList();
    return hosts.size() == 1
        ? devices.stream().map(row -> row.place().name()).collect(Collectors.joining(", "))
            + " on "
            + hosts.get(0)
        : "%d devices on %d machines".formatted(devices.size(), hosts.size());
  }

  private static OptionalDouble average(List<Row> rows) {
    long looks = rows.stream().mapToLong(Row::looks).sum();
    return looks == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(
            rows.stream().mapToDouble(row -> row.average() * row.looks()).sum() / looks);
  }
}
