package io.millrace.jobs.cli;

import io.millrace.dataset.BranchName;
import io.millrace.dataset.DatasetException;
import io.millrace.dataset.DatasetName;
import io.millrace.dataset.DatasetRef;
import io.millrace.dataset.FailureLimit;
import io.millrace.dataset.Label;
import io.millrace.dataset.StateRef;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.TagName;
import io.millrace.dataset.VersionName;
import io.millrace.dataset.export.ExportFormat;
import io.millrace.dataset.export.format.ExportFormats;
import io.millrace.dataset.filter.SampleFilter;
import io.millrace.dataset.table.TableSchema;
import io.millrace.dataset.versioning.Release;
import io.millrace.inference.PartSelection;
import io.millrace.inference.TaskId;
import io.millrace.ingestion.ImportFormat;
import io.millrace.ingestion.table.TableCharset;
import io.millrace.jobs.bench.Benchmark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FSError;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** The command {@code millrace}: everything that Millrace does on one machine. */
@Command(
    name = "millrace",
    mixinStandardHelpOptions = true,
    versionProvider = MillraceCommand.ManifestVersion.class,
    scope = CommandLine.ScopeType.INHERIT,
    description = "Takes ML data from raw files to trained models and scored results.",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "Exit codes: 0 done, 1 failed, 2 wrong command line, 3 demo without training.",
      "Start with: millrace demo"
    })
public final class MillraceCommand extends CommandGroup {
  private static final List<Class<?>> COMMANDS =
      List.of(
          DatasetCommand.class,
          LabelCommand.class,
          VersionCommand.class,
          BranchCommand.class,
          AnalyzeCommand.class,
          GroupCommand.class,
          TrainCommand.class,
          BatchCommand.class,
          DemoCommand.class,
          BenchCommand.class,
          GenerateCompletion.class,
          HelpCommand.class);
  private static final Set<Class<?>> ABOUT_OTHERS =
      Set.of(GenerateCompletion.class, HelpCommand.class);
  private static final Pattern SCHEME = Pattern.compile("(?i)(file:|[a-z0-9]+://).*");

  @Mixin GlobalOptions options;

  private MillraceCommand() {}

  /** The command line with all commands, ready to execute. */
  public static CommandLine commandLine() {
    return commandLine(COMMANDS);
  }

  /**
   * The command line for some arguments, ready to execute: where they begin with a command that is
   * not about the others, that one alone is set up, to save the time that the others take.
   */
  public static CommandLine commandLineFor(String... arguments) {
    List<Class<?>> named =
        COMMANDS.stream()
            .filter(command -> arguments.length > 0 && name(command).equals(arguments[0]))
            .filter(command -> !ABOUT_OTHERS.contains(command))
            .toList();
    return named.isEmpty() ? commandLine() : commandLine(named);
  }

  private static String name(Class<?> command) {
    return command.getAnnotation(Command.class).name();
  }

  private static CommandLine commandLine(List<Class<?>> commands) {
    MillraceCommand command = new MillraceCommand();
    CommandLine commandLine = new CommandLine(command);
    commands.forEach(commandLine::addSubcommand);
    return commandLine
        .registerConverter(StorageUri.class, explained(MillraceCommand::address))
        .registerConverter(BranchName.class, explained(BranchName::new))
        .registerConverter(DatasetName.class, explained(DatasetName::new))
        .registerConverter(StateRef.class, explained(StateRef::parse))
        .registerConverter(VersionName.class, explained(VersionName::new))
        .registerConverter(TagName.class, explained(TagName::new))
        .registerConverter(Label.class, explained(Label::new))
        .registerConverter(SampleFilter.class, explained(SampleFilter::parse))
        .registerConverter(DatasetRef.class, explained(DatasetRef::parse))
        .registerConverter(ImportFormat.class, explained(ImportFormat::parse))
        .registerConverter(ExportFormat.class, explained(ExportFormats::parse))
        .registerConverter(Benchmark.class, explained(Benchmark::parse))
        .registerConverter(PartSelection.class, explained(PartSelection::parse))
        .registerConverter(FailureLimit.class, explained(FailureLimit::parse))
        .registerConverter(TaskId.class, explained(TaskId::new))
        .registerConverter(ImportSource.class, explained(ImportSource::parse))
        .registerConverter(TableSchema.class, explained(TableSchema::parse))
        .registerConverter(TableCharset.class, explained(TableCharset::parse))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionStrategy(command::execute)
        .setExecutionExceptionHandler(command::explain);
  }

  /** An address as people type it: a full one as it stands, anything else as a local path. */
  static StorageUri address(String text) {
    return SCHEME.matcher(text).matches() ? StorageUri.parse(text) : StorageUri.of(Path.of(text));
  }

  /** A converter whose refusal reads as the value's own message, without a class name before it. */
  private static <T> ITypeConverter<T> explained(ITypeConverter<T> converter) {
    return text -> {
      try {
        return converter.convert(text);
      } catch (DatasetException e) {
        throw new TypeConversionException(e.getMessage());
      }
    };
  }

  private int execute(ParseResult parsed) {
    Logging.configure(options.debug);
    refuseCsvWhereThereIsNone(parsed);
    Map<String, String> storage;
    try {
      storage = options.storageSettings();
    } catch (DatasetException e) {
      throw new ParameterException(parsed.commandSpec().commandLine(), e.getMessage(), e);
    }
    try {
      return ProcessStorage.during(storage, () -> new CommandLine.RunLast().execute(parsed));
    } catch (FSError e) {
      // Hadoop's word for a local disk that fails, which no handler of exceptions would see.
      throw new ExecutionException(
          parsed.commandSpec().commandLine(), e.getMessage(), new IOException(e.getMessage(), e));
    }
  }

  private void refuseCsvWhereThereIsNone(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    if (options.format == OutputFormat.CSV
        && !(last.commandSpec().userObject() instanceof CsvCommand)) {
      throw new ParameterException(
          last.commandSpec().commandLine(),
          "Invalid output format of %s: csv (expected text or json; csv is for train compare)"
              .formatted(last.commandSpec().qualifiedName()));
    }
  }

  /** One sentence that says what to do; the stack trace only for those who ask for it. */
  private int explain(Exception failure, CommandLine commandLine, ParseResult parsed) {
    commandLine.getErr().println("millrace: " + FailureSentence.of(failure));
    if (options.debug) {
      failure.printStackTrace(commandLine.getErr());
    }
    commandLine.getErr().flush();
    return ExitCode.FAILED;
  }

  /** The version that the build wrote into the application jar. */
  static final class ManifestVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"millrace " + Release.name()};
    }
  }
}
