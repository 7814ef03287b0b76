# The image of the service. Nothing of it has to be writable but /tmp, and that only for faster signatures.

ARG BUILD_IMAGE=maven:3.9-eclipse-temurin-25
# Debian or Ubuntu with glibc: the native signatures do not load on musl, and Java's take their place.
ARG RUNTIME_IMAGE=eclipse-temurin:25-jre

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY .mvn .mvn
COPY pom.xml config.yml README.md ./
COPY src src
RUN ["mvn", "-B", "verify"]

FROM ${RUNTIME_IMAGE}
WORKDIR /opt/token-service
COPY --from=build /build/target/token-service.jar /build/config.yml ./
# A number, so that Kubernetes can see that it is not root.
USER 10001:10001
EXPOSE 8080
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=70", "-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError", "-jar", "token-service.jar"]
CMD ["server", "config.yml"]
