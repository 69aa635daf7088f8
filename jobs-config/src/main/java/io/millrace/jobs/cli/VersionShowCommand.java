package io.millrace.jobs.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.millrace.dataset.AuditEntry;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.ImportId;
import io.millrace.dataset.Properties;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.manifest.PropertiesJson;
import io.millrace.dataset.versioning.DatasetHistory;
import io.millrace.dataset.versioning.DatasetVersion;
import io.millrace.dataset.versioning.Provenance;
import io.millrace.dataset.versioning.VersionHistory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The command {@code millrace version show}. */
@Command(
    name = "show",
    description = "Show a version, what is in it and how it came about. Starts no engine.")
final class VersionShowCommand implements Callable<Integer> {
  private static final int MOST_IMPORTS = 5;

  @ParentCommand VersionCommand version;

  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "NAME@VERSION",
      description = "A version, by its name, a tag, a branch, a time, current or latest.")
  DatasetRef ref;

  @Override
  public Integer call() {
    DatasetHistory history = version.millrace.options.catalog().history(ref.dataset());
    DatasetVersion shown = history.resolve(ref);
    Console console = version.millrace.options.console(spec);
    print(console, shown, history.history());
    console.json(json(shown, history.history()));
    return ExitCode.DONE;
  }

  private void print(Console console, DatasetVersion shown, VersionHistory history) {
    console.line("version      %s@%s".formatted(ref.dataset(), shown.name()));
    console.line("type         " + shown.taskType());
    if (!shown.description().isEmpty()) {
      console.line("description  " + shown.description());
    }
    console.line("published    " + Console.time(shown.createdAt()));
    console.line(
        "branch       " + shown.branch() + (isCurrent(shown, history) ? " (current)" : ""));
    console.line("parent       " + shown.parent().map(VersionName::value).orElse("none"));
    List<String> tags = tags(shown, history);
    console.line("tags         " + (tags.isEmpty() ? "none" : String.join(", ", tags)));
    console.line("samples      " + shown.samples());
    console.line("parts        " + counts(shown.parts()));
    console.line("labels       " + counts(shown.labels()));
    console.line("media        " + Console.bytes(shown.mediaBytes()) + ", not copied");
    console.line("stored       " + Console.bytes(shown.seal().sizeBytes()));
    console.line("files        " + shown.manifest() + " (" + shown.format() + ")");
    console.line("sha256       " + shown.manifestDigest().hex());
    console.line("rows digest  " + shown.seal().rows().hex());
    console.line("file digest  " + shown.seal().files().hex());
    print(console, shown.provenance());
  }

  private static void print(Console console, Provenance provenance) {
    console.line(
        "made by      millrace %s, user %s".formatted(provenance.release(), provenance.user()));
    console.line("from         state %d of the samples".formatted(provenance.samplesState()));
    console.line("asked for    " + words(provenance.settings()));
    List<String> imports =
        provenance.imports().stream().limit(MOST_IMPORTS).map(ImportId::value).toList();
    long more = provenance.importCount() - imports.size();
    console.line(
        "imports      "
            + (imports.isEmpty() ? "none" : String.join(", ", imports))
            + (more > 0 ? " and %d more".formatted(more) : ""));
    for (AuditEntry entry : provenance.operations()) {
      console.line(
          "after that   %s  %s by %s: %s (%s)"
              .formatted(
                  Console.time(entry.at()),
                  entry.operation(),
                  entry.by(),
                  words(entry.parameters()),
                  words(entry.counts())));
    }
  }

  private static boolean isCurrent(DatasetVersion shown, VersionHistory history) {
    return history.current(shown.branch()).filter(shown.name()::equals).isPresent();
  }

  private static List<String> tags(DatasetVersion shown, VersionHistory history) {
    return history.tags().entrySet().stream()
        .filter(tag -> tag.getValue().equals(shown.name()))
        .map(tag -> tag.getKey().value())
        .toList();
  }

  private static String counts(Map<String, Long> counts) {
    return counts.isEmpty()
        ? "none"
        : counts.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
  }

  private static String words(Properties properties) {
    return properties.values().entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  private static ObjectNode json(DatasetVersion shown, VersionHistory history) {
    ObjectNode json = VersionCommand.toJson(shown);
    json.put("current", isCurrent(shown, history));
    tags(shown, history).forEach(json.putArray("tags")::add);
    json.putObject("seal")
        .put("rows", shown.seal().rows().hex())
        .put("files", shown.seal().files().hex());
    Provenance provenance = shown.provenance();
    ObjectNode made =
        json.putObject("provenance")
            .put("release", provenance.release())
            .put("user", provenance.user())
            .put("samples_state", provenance.samplesState())
            .put("import_count", provenance.importCount())
            .putRawValue("settings", raw(provenance.settings()));
    provenance.imports().stream().map(ImportId::value).forEach(made.putArray("imports")::add);
    ArrayNode operations = made.putArray("operations");
    for (AuditEntry entry : provenance.operations()) {
      operations
          .addObject()
          .put("at", entry.at().toString())
          .put("by", entry.by())
          .put("operation", entry.operation())
          .putRawValue("parameters", raw(entry.parameters()))
          .putRawValue("counts", raw(entry.counts()));
    }
    return json;
  }

  private static RawValue raw(Properties properties) {
    return new RawValue(PropertiesJson.write(properties));
  }
}
