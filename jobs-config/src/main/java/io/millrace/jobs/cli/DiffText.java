package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dataset.versioning.DiffCounts;
import io.millrace.dataset.versioning.SampleDifference;
import io.millrace.dataset.versioning.VersionDiff;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How differences of samples are printed. */
final class DiffText {
  private DiffText() {}

  static String counts(DiffCounts counts) {
    return "%d added, %d removed, %d relabelled, %d moved to another part, %d changed otherwise, %d alike"
        .formatted(
            counts.added(),
            counts.removed(),
            counts.relabelled(),
            counts.moved(),
            counts.changed(),
            counts.unchanged());
  }

  static ObjectNode json(DiffCounts counts) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("added", counts.added())
        .put("removed", counts.removed())
        .put("relabelled", counts.relabelled())
        .put("moved", counts.moved())
        .put("changed", counts.changed())
        .put("unchanged", counts.unchanged());
  }

  /** Rows of a table: what, and how many samples have it before, after, and more or less. */
  static List<List<String>> rows(Map<String, VersionDiff.Change> changes) {
    return changes.entrySet().stream()
        .map(
            entry ->
                List.of(
                    entry.getKey(),
                    Long.toString(entry.getValue().before()),
                    Long.toString(entry.getValue().after()),
                    "%+d".formatted(entry.getValue().difference())))
        .toList();
  }

  static ObjectNode json(Map<String, VersionDiff.Change> changes) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    changes.forEach(
        (key, change) ->
            json.putObject(key).put("before", change.before()).put("after", change.after()));
    return json;
  }

  static List<String> cells(SampleDifference difference) {
    return List.of(
        String.join(", ", difference.changes()),
        difference.id(),
        difference.source(),
        beforeAndAfter(
            difference.labelsBefore().map(labels -> String.join(", ", labels)),
            difference.labelsAfter().map(labels -> String.join(", ", labels))),
        beforeAndAfter(difference.partBefore(), difference.partAfter()),
        difference.fields().isEmpty() ? "-" : String.join(", ", difference.fields()));
  }

  /** One text for what is alike, and an arrow between what is not. */
  private static String beforeAndAfter(Optional<String> before, Optional<String> after) {
    String was = before.filter(text -> !text.isEmpty()).orElse("-");
    String is = after.filter(text -> !text.isEmpty()).orElse("-");
    return was.equals(is) ? was : was + " > " + is;
  }

  static ObjectNode json(SampleDifference difference) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", difference.id())
            .put("source", difference.source());
    difference.changes().forEach(json.putArray("changes")::add);
    json.put("part_before", difference.partBefore().orElse(null));
    json.put("part_after", difference.partAfter().orElse(null));
    difference
        .labelsBefore()
        .ifPresent(labels -> labels.forEach(json.putArray("labels_before")::add));
    difference
        .labelsAfter()
        .ifPresent(labels -> labels.forEach(json.putArray("labels_after")::add));
    difference.fields().forEach(json.putArray("fields")::add);
    return json;
  }
}
