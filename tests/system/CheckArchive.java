// SPDX-License-Identifier: Apache-2.0
//
// Runs Apache PDFBox's Preflight, which judges by PDF/A-1b, over many files: a line for each thing that it
// finds, as file, code and words with tabs between. What PDF/A-2 allows is the caller's to leave out.
import java.io.File;
import org.apache.pdfbox.preflight.PreflightDocument;
import org.apache.pdfbox.preflight.ValidationResult;
import org.apache.pdfbox.preflight.parser.PreflightParser;

public class CheckArchive {
  public static void main(String[] paths) throws Exception {
    for (String path : paths) {
      PreflightParser parser = new PreflightParser(new File(path));
      parser.parse();
      try (PreflightDocument document = parser.getPreflightDocument()) {
        document.validate();
        for (ValidationResult.ValidationError error : document.getResult().getErrorsList()) {
          System.out.println(path + "\t" + error.getErrorCode() + "\t" + error.getDetails());
        }
        System.out.println(path + "\tdone\t");
      }
    }
  }
}
