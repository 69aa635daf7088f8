package io.millrace.analysis

import java.nio.file.{Files, Path}
import java.util.{List => JList, Optional}

import scala.jdk.CollectionConverters._

import org.scalatest.funsuite.AnyFunSuite

import io.millrace.analysis.grouping.{GroupedImages, GroupingConfig}
import io.millrace.dataset.{DatasetException, DatasetRef, LabelTaskType, Limits}

class AnalysisConfigSuite extends AnyFunSuite {
  private val first = DatasetRef.parse("cells@V001")

  test("config - no version, one twice, two datasets, too many examples - says what is wrong") {
    assert(message(config()).contains("Invalid versions: none (expected at least one)"))
    assert(message(config(first, first)).contains("names one twice"))
    val other = DatasetRef.parse("pets@V001")
    assert(message(config(first, other)).contains("expected versions of one dataset"))
    assert(message(new AnalysisConfig(
      JList.of(first), Optional.empty(), Optional.empty(), 25, Limits.DEFAULT))
      .contains("Invalid examples: 25 (expected 0 to 24)"))
  }

  test("ANA-4 grouping config - 1 or 201 groups, a bad attribute - says what is expected") {
    assert(message(GroupingConfig.of(1)).contains("Invalid groups: 1 (expected 2 to 200)"))
    assert(message(GroupingConfig.of(201)).contains("Invalid groups: 201 (expected 2 to 200)"))
    assert(message(new GroupingConfig(2, "a b", GroupedImages.ALL, 1, 1, Limits.DEFAULT))
      .contains("Invalid attribute: 'a b'"))
  }

  test("ANA-1 metrics - of classification 6, of detection 14, of others none") {
    assert(Metric.of(LabelTaskType.IMAGE_CLASSIFICATION).asScala.map(_.id).toSeq == Seq(
      "resolution", "aspect_ratio", "brightness", "saturation", "clarity", "colorfulness"))
    assert(Metric.of(LabelTaskType.OBJECT_DETECTION).size == 14)
    assert(Metric.of(LabelTaskType.TEXT_CLASSIFICATION).isEmpty)
    assert(Metric.values.forall(metric => Metric.ofId(metric.id) == metric))
    assert(message(Metric.ofId("sharpness")).startsWith("Invalid metric: 'sharpness'"))
  }

  test("README - the settings tables - name each setting of both configs with its default") {
    val readme = Files.readString(moduleDirectory.resolve("README.md"))
    for (config <- Seq(classOf[AnalysisConfig], classOf[GroupingConfig])) {
      for (setting <- config.getRecordComponents) {
        assert(readme.contains(s"| `${setting.getName}` |"), s": ${setting.getName} is missing")
      }
    }
    assert(readme.contains(s"| `examples` | ${AnalysisConfig.DEFAULT_EXAMPLES} |"))
    assert(readme.contains(s"| `attribute` | ${GroupingConfig.DEFAULT_ATTRIBUTE} |"))
    assert(readme.contains(s"| `seed` | ${GroupingConfig.DEFAULT_SEED} |"))
    assert(readme.contains(s"| `representatives` | ${GroupingConfig.DEFAULT_REPRESENTATIVES} |"))
  }

  private def moduleDirectory: Path = {
    val here = Path.of(System.getProperty("user.dir")).toAbsolutePath
    if (Files.exists(here.resolve("README.md")) && here.endsWith("feature-analysis")) here
    else here.resolve("feature-analysis")
  }

  private def config(versions: DatasetRef*): AnalysisConfig = new AnalysisConfig(
    versions.asJava, Optional.empty(), Optional.empty(), 6, Limits.DEFAULT)

  private def message(code: => Any): String = intercept[DatasetException](code).getMessage
}
