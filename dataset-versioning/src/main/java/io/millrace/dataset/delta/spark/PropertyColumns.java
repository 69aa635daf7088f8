package io.millrace.dataset.delta.spark;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import io.millrace.dataset.Properties;
import io.millrace.dataset.manifest.PropertiesJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/** Expressions on columns that hold properties as JSON text. */
final class PropertyColumns {
  private static final UserDefinedFunction MERGED =
      udf((UDF2<String, String, String>) PropertyColumns::merged, DataTypes.StringType);
  private static final UserDefinedFunction WITH =
      udf((UDF3<String, String, String, String>) PropertyColumns::with, DataTypes.StringType);

  private static final UserDefinedFunction WITH_NUMBER =
      udf((UDF3<String, String, Long, String>) PropertyColumns::withNumber, DataTypes.StringType);

  private PropertyColumns() {}

  /** Both properties; where both know a name, the later value. */
  static Column merged(Column earlier, Column later) {
    return MERGED.apply(earlier, later);
  }

  /** The properties with one set to a text, or without it where the text is null. */
  static Column with(Column properties, String name, Column text) {
    return WITH.apply(properties, lit(name), text);
  }

  /** The properties with one set to a whole number, or without it where the number is null. */
  static Column withNumber(Column properties, String name, Column number) {
    return WITH_NUMBER.apply(properties, lit(name), number);
  }

  /** The earlier text where the merged properties equal it, so that order alone is no change. */
  static String merged(String earlier, String later) {
    if (earlier == null || later == null || earlier.equals(later)) {
      return later == null ? earlier : later;
    }
    Map<String, Object> before = PropertiesJson.readWritten(earlier).values();
    Map<String, Object> merged = new LinkedHashMap<>(before);
    merged.putAll(PropertiesJson.readWritten(later).values());
    return merged.equals(before) ? earlier : PropertiesJson.write(new Properties(merged));
  }

  static String with(String properties, String name, String text) {
    return withValue(properties, name, text);
  }

  /** A method of its own: Java cannot tell two serialized references to one method apart. */
  static String withNumber(String properties, String name, Long number) {
    return withValue(properties, name, number);
  }

  private static String withValue(String properties, String name, Object value) {
    Map<String, Object> before =
        properties == null ? Map.of() : PropertiesJson.readWritten(properties).values();
    if (Objects.equals(before.get(name), value)) {
      return properties;
    }
    Map<String, Object> changed = new LinkedHashMap<>(before);
    if (value == null) {
      changed.remove(name);
    } else {
      changed.put(name, value);
    }
    return changed.isEmpty() ? null : PropertiesJson.write(new Properties(changed));
  }
}
