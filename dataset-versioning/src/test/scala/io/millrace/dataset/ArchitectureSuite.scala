package io.millrace.dataset

import com.tngtech.archunit.base.DescribedPredicate
import com.tngtech.archunit.core.domain.JavaClasses
import com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage
import com.tngtech.archunit.core.importer.{ClassFileImporter, ImportOption}
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices
import org.scalatest.funsuite.AnyFunSuite

/** The arrows between packages, kept from the first day. */
class ArchitectureSuite extends AnyFunSuite {
  private lazy val classes: JavaClasses = new ClassFileImporter()
    .withImportOption(new ImportOption.DoNotIncludeTests)
    .importPackages("io.millrace")

  test("the shared language - imports nothing but the JDK and itself") {
    val foreign = DescribedPredicate.not(
      resideInAPackage("java..").or(resideInAPackage("io.millrace.dataset")))
    noClasses.that.resideInAPackage("io.millrace.dataset")
      .should.dependOnClassesThat(foreign).check(classes)
  }

  test("Delta - is known only to io.millrace.dataset.delta") {
    noClasses.that.resideOutsideOfPackage("io.millrace.dataset.delta..")
      .should.dependOnClassesThat.resideInAPackage("io.delta..").check(classes)
  }

  test("Spark - is known only to packages named spark") {
    noClasses.that.resideOutsideOfPackage("io.millrace..spark")
      .should.dependOnClassesThat.resideInAPackage("org.apache.spark..").check(classes)
  }

  test("packages - have no cycles") {
    slices.matching("io.millrace.(**)").should.beFreeOfCycles.check(classes)
  }

  test("classes - are named for what they are, not Utils, Helper or Manager") {
    Seq("Utils", "Util", "Helper", "Helpers", "Manager").foreach { suffix =>
      noClasses.should.haveSimpleNameEndingWith(suffix).check(classes)
    }
  }
}
