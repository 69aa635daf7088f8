package io.millrace.dataset.delta.spark;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.udf;

import io.millrace.dataset.Properties;
import io.millrace.dataset.StorageUri;
import io.millrace.dataset.filter.Literal;
import io.millrace.dataset.filter.SampleField;
import io.millrace.dataset.filter.SampleFilter;
import io.millrace.dataset.filter.Selection;
import io.millrace.dataset.filter.ValueTest;
import io.millrace.dataset.manifest.PropertiesJson;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * Selections as conditions on rows of {@link SampleRows#SCHEMA}: a row is selected exactly where
 * {@link SampleFilter#matches} selects its sample.
 *
 * <p>Tests of measures, usage, kind and creation time are plain comparisons, which Spark hands down
 * to the files it reads. Addresses and properties are read by the code that samples use.
 */
public final class FilterColumns {
  private static final UserDefinedFunction ADDRESS =
      udf(
          (UDF1<String, String>)
              source -> SampleField.addressOf(StorageUri.parse(source)).orElse(null),
          DataTypes.StringType);
  private static final UserDefinedFunction DIRECTORY =
      udf(
          (UDF1<String, String>)
              source -> SampleField.directoryOf(StorageUri.parse(source)).orElse(null),
          DataTypes.StringType);
  private static final UserDefinedFunction FILE_NAME =
      udf(
          (UDF1<String, String>)
              source -> SampleField.fileNameOf(StorageUri.parse(source)).orElse(null),
          DataTypes.StringType);

  private final Function<String, Column> metrics;

  private FilterColumns(Function<String, Column> metrics) {
    this.metrics = metrics;
  }

  /**
   * The condition of a filter on a frame that holds no metrics: as for samples of which nothing was
   * measured.
   */
  public static Column condition(SampleFilter filter) {
    return condition(filter, metric -> array().cast("array<double>"));
  }

  /**
   * The condition of a filter: true for the rows it selects, false or null for all others, as
   * {@link org.apache.spark.sql.Dataset#where} takes it.
   *
   * @param metrics the column of a metric that {@link SampleFilter#metrics()} names: an array of
   *     doubles, null or empty where it was not measured
   */
  public static Column condition(SampleFilter filter, Function<String, Column> metrics) {
    return new FilterColumns(metrics).condition(filter.selection());
  }

  private Column condition(Selection selection) {
    if (selection instanceof Selection.Constant constant) {
      return lit(constant.value());
    }
    if (selection instanceof Selection.And and) {
      return joined(and.parts().stream().map(this::condition).toList(), Column::and);
    }
    if (selection instanceof Selection.Or or) {
      return joined(or.parts().stream().map(this::condition).toList(), Column::or);
    }
    if (selection instanceof Selection.Not negated) {
      return not(orFalse(condition(negated.part())));
    }
    if (selection instanceof Selection.Test test) {
      return test(test.operand(), test.test());
    }
    if (selection instanceof Selection.Absent absent) {
      return absent(absent.operand());
    }
    throw new IllegalStateException("No condition for " + selection.getClass().getName());
  }

  private Column test(Selection.Operand operand, ValueTest test) {
    if (operand instanceof Selection.Property property) {
      return udf(
              (UDF1<String, Boolean>) json -> SampleFilter.holds(property, test, properties(json)),
              DataTypes.BooleanType)
          .apply(col("properties"));
    }
    Column values = values(operand);
    return isMany(operand) ? exists(values, value -> holds(value, test)) : holds(values, test);
  }

  private Column absent(Selection.Operand operand) {
    if (operand instanceof Selection.Property property) {
      return udf(
              (UDF1<String, Boolean>) json -> SampleFilter.isAbsent(property, properties(json)),
              DataTypes.BooleanType)
          .apply(col("properties"));
    }
    Column values = values(operand);
    return isMany(operand) ? not(orFalse(exists(values, Column::isNotNull))) : values.isNull();
  }

  private static Properties properties(String json) {
    return json == null ? Properties.EMPTY : PropertiesJson.readWritten(json);
  }

  /** Whether the operand's column is an array of values and not a single one. */
  private static boolean isMany(Selection.Operand operand) {
    if (operand instanceof Selection.Field field) {
      return switch (field.field()) {
        case LABEL, TYPE, ANNOTATED_BY, CONFIDENCE, HARD_COEFFICIENT -> true;
        case ID,
            SOURCE,
            DIRECTORY,
            FILE_NAME,
            KIND,
            USAGE,
            SIZE,
            CREATED_AT,
            HARD,
            LABELLED,
            UNLABELLED,
            WIDTH,
            HEIGHT,
            CHANNELS,
            SECONDS,
            SAMPLE_RATE ->
            false;
      };
    }
    return true;
  }

  private Column values(Selection.Operand operand) {
    if (operand instanceof Selection.Metric metric) {
      return org.apache.spark.sql.functions.filter(
          metrics.apply(metric.name()), value -> value.isNotNull().and(not(isnan(value))));
    }
    return column(((Selection.Field) operand).field());
  }

  private static Column column(SampleField field) {
    return switch (field) {
      case ID -> col("id");
      case SOURCE -> ADDRESS.apply(col("source"));
      case DIRECTORY -> DIRECTORY.apply(col("source"));
      case FILE_NAME -> FILE_NAME.apply(col("source"));
      case KIND -> col("kind");
      case USAGE -> col("usage");
      case SIZE -> col("size_bytes").cast(DataTypes.DoubleType);
      case CREATED_AT -> col("created_at");
      case HARD ->
          orFalse(col("hard"))
              .or(isTrueOfAny(ofAnnotations("hard")))
              .or(isTrueOfAny(ofAnnotations("difficult")));
      case HARD_COEFFICIENT ->
          concat(array(col("hard_coefficient")), ofAnnotations("hard_coefficient"));
      case LABELLED -> isLabelled();
      case UNLABELLED -> not(isLabelled());
      case LABEL -> ofAnnotations("label");
      case TYPE -> ofAnnotations("task_type");
      case ANNOTATED_BY -> ofAnnotations("annotated_by");
      case CONFIDENCE -> ofAnnotations("confidence");
      case WIDTH -> col("width");
      case HEIGHT -> col("height");
      case CHANNELS -> col("channels");
      case SECONDS -> col("seconds");
      case SAMPLE_RATE -> col("sample_rate");
    };
  }

  private static Column ofAnnotations(String name) {
    return col("annotations").getField(name);
  }

  private static Column isLabelled() {
    return orFalse(size(col("annotations")).gt(0));
  }

  private static Column isTrueOfAny(Column flags) {
    return orFalse(exists(flags, FilterColumns::orFalse));
  }

  private static Column orFalse(Column condition) {
    return coalesce(condition, lit(false));
  }

  /** True, false, or null for a value that is null. */
  private static Column holds(Column value, ValueTest test) {
    if (test instanceof ValueTest.Compared compared) {
      return compared(value, compared.operator(), compared.literal());
    }
    if (test instanceof ValueTest.OneOf oneOf) {
      return oneOf(value, oneOf.literals());
    }
    if (test instanceof ValueTest.Between range) {
      return compared(value, ValueTest.Operator.AT_LEAST, range.low())
          .and(compared(value, ValueTest.Operator.AT_MOST, range.high()));
    }
    if (test instanceof ValueTest.Like like) {
      return udf(
              (UDF1<String, Boolean>) text -> text != null && like.holds(text),
              DataTypes.BooleanType)
          .apply(value);
    }
    throw new IllegalStateException("No condition for " + test.getClass().getName());
  }

  private static Column oneOf(Column value, List<Literal> literals) {
    return literals.stream().anyMatch(Literal.Time.class::isInstance)
        ? joined(
            literals.stream()
                .map(literal -> compared(value, ValueTest.Operator.EQUAL, literal))
                .toList(),
            Column::or)
        : value.isin(literals.stream().map(FilterColumns::plain).toArray());
  }

  /** As a balanced tree: Spark walks conditions by recursion, and a chain can be thousands long. */
  private static Column joined(List<Column> conditions, BinaryOperator<Column> operator) {
    int size = conditions.size();
    return size == 1
        ? conditions.get(0)
        : operator.apply(
            joined(conditions.subList(0, size / 2), operator),
            joined(conditions.subList(size / 2, size), operator));
  }

  private static Column compared(Column value, ValueTest.Operator operator, Literal literal) {
    if (literal instanceof Literal.Time time) {
      Column from = lit(time.from());
      Column until = lit(time.until());
      return switch (operator) {
        case EQUAL -> value.geq(from).and(value.lt(until));
        case LESS -> value.lt(from);
        case AT_MOST -> value.lt(until);
        case GREATER -> value.geq(until);
        case AT_LEAST -> value.geq(from);
      };
    }
    Object plain = plain(literal);
    return switch (operator) {
      case EQUAL -> value.equalTo(plain);
      case LESS -> value.lt(plain);
      case AT_MOST -> value.leq(plain);
      case GREATER -> value.gt(plain);
      case AT_LEAST -> value.geq(plain);
    };
  }

  private static Object plain(Literal literal) {
    if (literal instanceof Literal.Text text) {
      return text.value();
    }
    if (literal instanceof Literal.Symbol symbol) {
      return symbol.value();
    }
    if (literal instanceof Literal.Decimal decimal) {
      return decimal.value();
    }
    if (literal instanceof Literal.Truth truth) {
      return truth.value();
    }
    throw new IllegalStateException("No single value for " + literal);
  }
}
