package io.millrace.dataset.manifest

import scala.jdk.CollectionConverters._

import com.fasterxml.jackson.databind.{DeserializationFeature, JsonNode, ObjectMapper}

/** JSON values compared as RFC 8259 has them: order of keys and spelling of numbers are nothing. */
object JsonValues {
  private val mapper =
    new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)

  def parse(json: String): Any = value(mapper.readTree(json))

  private def value(node: JsonNode): Any =
    if (node.isObject) node.properties.asScala.map(f => f.getKey -> value(f.getValue)).toMap
    else if (node.isArray) node.elements.asScala.map(value).toVector
    else if (node.isNumber) {
      val number = node.decimalValue.stripTrailingZeros
      (number.unscaledValue, number.scale)
    } else if (node.isNull) None
    else if (node.isBoolean) node.booleanValue
    else node.textValue
}
