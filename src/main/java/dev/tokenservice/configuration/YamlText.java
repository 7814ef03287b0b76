package dev.tokenservice.configuration;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The text of a configuration file, checked before it is parsed. YAML silently changes some values: an alias is replaced, a
 * tag converts, {@code 010} is eight. Settings need
 * none of these.
 *
 * @param text the whole text, in which nothing refers to anything else
 * @param oddNumbers what YAML takes for another number than is written, by the path of its setting
 */
record YamlText(String text, Map<String, String> oddNumbers) {

    private static final int MAX_BYTES = 1024 * 1024;

    /** What YAML 1.1 takes for a whole number although it is not written as one: octal, hexadecimal, binary, base 60, signs. */
    private static final Pattern ODD_NUMBER = Pattern.compile(
            "[-+]?0[xX][0-9a-fA-F_]+|[-+]?0[bB][01_]+|[-+]?0[oO]?[0-9_]+|\\+[0-9_]+|-?[0-9][0-9_]*_[0-9_]*"
                    + "|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+");

    /**
     * Reads a text, and checks it.
     *
     * @param name the file's, for messages
     * @throws InvalidConfigurationException with every place that is not plain YAML, by line and column
     */
    static YamlText read(InputStream input, String name) throws IOException, InvalidConfigurationException {
        byte[] content = input.readNBytes(MAX_BYTES + 1);
        if (content.length > MAX_BYTES) {
            throw refused(name, "is larger than 1 MiB, which is the limit");
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refused(name, "is not a text in UTF-8");
        }
        List<Problem> problems = problems(text, name);
        if (!problems.isEmpty()) {
            throw new InvalidConfigurationException(name, problems);
        }
        Map<String, String> oddNumbers = new LinkedHashMap<>();
        collect(new Yaml().compose(new StringReader(text)), "", oddNumbers);
        return new YamlText(text, oddNumbers);
    }

    private static void collect(@Nullable Node node, String path, Map<String, String> oddNumbers) {
        if (node instanceof MappingNode group) {
            for (NodeTuple member : group.getValue()) {
                String key = member.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
                collect(member.getValueNode(), path.isEmpty() ? key : path + "." + key, oddNumbers);
            }
        } else if (node instanceof SequenceNode list) {
            for (int i = 0; i < list.getValue().size(); i++) {
                collect(list.getValue().get(i), path + "[" + i + "]", oddNumbers);
            }
        } else if (node instanceof ScalarNode scalar
                && scalar.isPlain()
                && ODD_NUMBER.matcher(scalar.getValue()).matches()) {
            oddNumbers.put(path, scalar.getValue());
        }
    }

    private static List<Problem> problems(String text, String name) {
        List<Problem> problems = new ArrayList<>();
        try {
            PlainYaml.check(text, new PlainYaml.Findings() {
                @Override
                public void construct(Mark place, String what) {
                    add(place, "holds " + what);
                }

                @Override
                public void secondDocument(Mark place) {
                    add(place, "must be one YAML document; found a second one");
                }

                private void add(Mark place, String problem) {
                    problems.add(Problem.ofFile(name, problem + YamlReason.place(place)));
                }
            });
        } catch (MarkedYAMLException e) {
            problems.add(Problem.ofFile(name, "is not a well-formed YAML file: " + YamlReason.of(e)));
        } catch (YAMLException e) {
            problems.add(
                    Problem.ofFile(name, "is not a well-formed YAML file: it holds a character that YAML forbids"));
        }
        return problems;
    }

    private static InvalidConfigurationException refused(String name, String problem) {
        return new InvalidConfigurationException(name, List.of(Problem.ofFile(name, problem)));
    }
}
