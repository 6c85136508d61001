// SPDX-License-Identifier: Apache-2.0
//
// Runs epubcheck over many books in one Java: CheckEpubs BOOK REPORT.json [BOOK REPORT.json …].
import com.adobe.epubcheck.tool.EpubChecker;

public class CheckEpubs {
  public static void main(String[] paths) {
    int worst = 0;
    for (int i = 0; i + 1 < paths.length; i += 2) {
      String[] arguments = {paths[i], "--json", paths[i + 1]};
      worst = Math.max(worst, new EpubChecker().run(arguments));
    }
    System.exit(worst);
  }
}
