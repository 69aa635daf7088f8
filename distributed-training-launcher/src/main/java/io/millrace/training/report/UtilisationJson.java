package io.millrace.training.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.training.resource.Usage;
import io.millrace.training.resource.UtilisationLook;
import io.millrace.training.resource.UtilisationSummary;
import io.millrace.training.resource.UtilisationSummary.Place;
import io.millrace.training.resource.UtilisationSummary.Row;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * What was sampled of a run, for its page: each host with its curves, or, where there are many
 * hosts, with its averages alone.
 */
final class UtilisationJson {
  /** With curves: a browser draws some hundred charts. */
  static final int MOST_DRAWN = 16;

  private UtilisationJson() {}

  static void add(ObjectNode node, RunReport report) {
    List<UtilisationLook> looks = report.looks();
    node.put("looks", looks.size());
    if (!looks.isEmpty()) {
      Duration sampled = Duration.between(looks.get(0).time(), looks.get(looks.size() - 1).time());
      // A chart needs a width, even of a single look.
      node.put("seconds", Math.max(1, sampled.toMillis() / 1000.0));
    }
    report.lowUtilisation().ifPresent(warning -> node.put("warning", warning));
    UtilisationSummary summary = UtilisationSummary.of(looks);
    Map<String, List<Row>> byHost =
        summary.rows().stream().collect(Collectors.groupingBy(row -> row.place().host()));
    List<String> hosts =
        byHost.keySet().stream()
            .sorted(
                Comparator.comparing((String host) -> firstNode(byHost.get(host)))
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    List<String> drawn = hosts.subList(0, Math.min(hosts.size(), MOST_DRAWN));
    SortedMap<Place, List<UtilisationCurves.Curve>> curves =
        UtilisationCurves.of(
            looks,
            new UtilisationSummary(
                summary.rows().stream().filter(row -> drawn.contains(row.place().host())).toList(),
                summary.used()));
    ArrayNode list = node.putArray("hosts");
    for (String host : hosts) {
      ObjectNode each = list.addObject().put("name", host);
      addAverages(each, byHost.get(host), summary);
      ArrayNode places = each.putArray("places");
      curves.forEach(
          (place, ofPlace) -> {
            if (place.host().equals(host)) {
              addPlace(places.addObject(), place, ofPlace);
            }
          });
    }
  }

  private static int firstNode(List<Row> rows) {
    return rows.stream()
        .map(Row::place)
        .filter(place -> place.kind() == Place.Kind.NODE)
        .mapToInt(Place::number)
        .min()
        .orElse(Integer.MAX_VALUE);
  }

  /** Of the machine itself; of its devices those that the job uses, if it uses any. */
  private static void addAverages(ObjectNode node, List<Row> rows, UtilisationSummary summary) {
    node.put(
        "nodes",
        rows.stream()
            .map(Row::place)
            .filter(place -> place.kind() == Place.Kind.NODE)
            .map(Place::name)
            .distinct()
            .collect(Collectors.joining(", ")));
    boolean anyUsed = rows.stream().anyMatch(row -> summary.used().contains(row.place()));
    ObjectNode averages = node.putObject("averages");
    for (Usage usage : Usage.values()) {
      average(
              rows.stream()
                  .filter(row -> row.usage() == usage && row.place().kind() != Place.Kind.NODE)
                  .filter(
                      row ->
                          row.place().kind() == Place.Kind.MACHINE
                              || !anyUsed
                              || summary.used().contains(row.place()))
                  .toList())
          .ifPresent(average -> averages.put(usage.field(), average));
    }
  }

  private static Optional<Double> average(List<Row> rows) {
    return rows.isEmpty()
        ? Optional.empty()
        : Optional.of(rows.stream().mapToDouble(Row::average).average().orElseThrow());
  }

  private static void addPlace(ObjectNode node, Place place, List<UtilisationCurves.Curve> curves) {
    ArrayNode series =
        node.put("name", place.name()).put("title", place.toString()).putArray("series");
    for (UtilisationCurves.Curve curve : curves) {
      ArrayNode points =
          series
              .addObject()
              .put("usage", curve.row().usage().field())
              .put("average", curve.row().average())
              .put("maximum", curve.row().maximum())
              .putArray("points");
      curve.points().forEach(point -> points.addArray().add(point.seconds()).add(point.percent()));
    }
  }
}
