package dev.tokenservice.policy;

import dev.tokenservice.configuration.PlainYaml;
import dev.tokenservice.configuration.YamlReason;
import dev.tokenservice.files.RegularFile;
import dev.tokenservice.files.UnusableFileException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Optional;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the YAML of a policy file: one document without anchors and aliases. Each value keeps its place. */
final class PolicyText {

    private static final int MAX_MEBIBYTES = 1;

    private PolicyText() {}

    /** Returns the root of the document; empty if it is invalid, with the reason in {@code problems}. */
    static Optional<PolicyNode> read(Path file, PolicyProblems problems) {
        String text;
        try {
            text = RegularFile.text(file, MAX_MEBIBYTES);
        } catch (UnusableFileException e) {
            problems.add(1, 1, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
        problems.text(text);
        try {
            int before = problems.count();
            PlainYaml.check(text, findings(problems));
            if (problems.count() > before) {
                return Optional.empty();
            }
            Node root = PlainYaml.parser().compose(new StringReader(text));
            if (root == null) {
                problems.add(1, 1, "the file is empty: a policy has at least version and rules");
                return Optional.empty();
            }
            return Optional.of(new PolicyNode(root, problems));
        } catch (MarkedYAMLException e) {
            problems.add(YamlReason.mark(e), "the file is not well-formed YAML: " + YamlReason.reason(e));
        } catch (YAMLException e) {
            problems.add(1, 1, "the file is not well-formed YAML: it holds a character that YAML forbids");
        }
        return Optional.empty();
    }

    private static PlainYaml.Findings findings(PolicyProblems problems) {
        return new PlainYaml.Findings() {
            @Override
            public void construct(Mark place, String what) {
                problems.add(place, what);
            }

            @Override
            public void secondDocument(Mark place) {
                problems.add(place, "a second YAML document: a policy is one");
            }
        };
    }
}
