package dev.tokenservice.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** {@code docs/deployment.md}, whose commands the tests run. */
final class DeploymentPage {

    private final String text;

    DeploymentPage() {
        try {
            text = Files.readString(Path.of("docs/deployment.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What stands under a heading. */
    String section(String heading) {
        String rest = text.substring(text.indexOf("# " + heading + "\n") + heading.length() + 3);
        int end = rest.indexOf("\n#");
        return end < 0 ? rest : rest.substring(0, end);
    }

    /** The blocks in a language, of the whole page. */
    List<String> blocks(String language) {
        return blocks(text, language);
    }

    static List<String> blocks(String text, String language) {
        return Pattern.compile("(?ms)^```" + language + "\\n(.*?)^```$")
                .matcher(text)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    /** The lines of shell blocks that start with a command. */
    List<String> commands(String command) {
        return blocks("sh").stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith(command + " "))
                .toList();
    }
}
