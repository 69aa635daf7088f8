package io.millrace.training.report;

import io.millrace.training.resource.Usage;
import io.millrace.training.resource.UtilisationLook;
import io.millrace.training.resource.UtilisationSummary;
import io.millrace.training.resource.UtilisationSummary.Place;
import io.millrace.training.resource.UtilisationSummary.Row;
import io.millrace.training.resource.UtilisationSummary.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What was sampled of a run as curves over time, with few enough points to be drawn. */
final class UtilisationCurves {
  /** Of one curve: a chart is not wider in pixels. */
  static final int MOST_POINTS = 400;

  /** Of one curve, however many there are: it is to show when something turned. */
  private static final int FEWEST_POINTS = 50;

  /** Of all curves together: the page must stay small. */
  private static final int MOST_IN_ALL = 40_000;

  private UtilisationCurves() {}

  /**
   * One curve.
   *
   * @param row average and maximum of all that was sampled, not of the points
   */
  record Curve(Row row, List<Point> points) {
    Curve {
      points = List.copyOf(points);
    }
  }

  /**
   * The average of one or more samples that follow each other.
   *
   * @param seconds since the first look
   */
  record Point(double seconds, double percent) {}

  private record Series(Place place, Usage usage) {}

  /**
   * The curves of each place.
   *
   * @param summary of the looks; places that it lacks have no curve
   */
  static SortedMap<Place, List<Curve>> of(List<UtilisationLook> looks, UtilisationSummary summary) {
    if (looks.isEmpty()) {
      return Collections.emptySortedMap();
    }
    Instant begin = looks.get(0).time();
    Map<Series, List<Point>> points = new HashMap<>();
    summary
        .rows()
        .forEach(row -> points.put(new Series(row.place(), row.usage()), new ArrayList<>()));
    for (UtilisationLook look : looks) {
      double seconds = Duration.between(begin, look.time()).toMillis() / 1000.0;
      for (Sample sample : UtilisationSummary.samples(look)) {
        List<Point> series = points.get(new Series(sample.place(), sample.usage()));
        if (series != null) {
          series.add(new Point(seconds, sample.percent()));
        }
      }
    }
    int most = Math.max(FEWEST_POINTS, Math.min(MOST_POINTS, MOST_IN_ALL / points.size()));
    SortedMap<Place, List<Curve>> curves = new TreeMap<>();
    for (Row row : summary.rows()) {
      curves
          .computeIfAbsent(row.place(), each -> new ArrayList<>())
          .add(new Curve(row, thinned(points.get(new Series(row.place(), row.usage())), most)));
    }
    return curves;
  }

  private static List<Point> thinned(List<Point> points, int most) {
    int together = (points.size() + most - 1) / most;
    List<Point> thinned = new ArrayList<>();
    for (int from = 0; from < points.size(); from += together) {
      List<Point> some = points.subList(from, Math.min(points.size(), from + together));
      double percent = some.stream().mapToDouble(Point::percent).average().orElse(0);
      thinned.add(new Point(some.get(0).seconds(), Math.round(percent * 100) / 100.0));
    }
    return thinned;
  }
}
