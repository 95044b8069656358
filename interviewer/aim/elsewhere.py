"""Technologies that adverts for backend work name and no pack of ours asks about: to say so. Pure.

Names that are everyday words too (Rust, Spark, React) are not among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_NAMES = (
    *(
        "Django",
        "Flask",
        "Tornado",
        "Java",
        "Kotlin",
        "Scala",
        "Spring Boot",
        "PHP",
        "Symfony",
        "Laravel",
        "Ruby on Rails",
    ),
    *("Golang", "Elixir", "Node.js", "TypeScript", "JavaScript", "Angular", "Vue.js"),
    *("Kafka", "NATS", "GraphQL", "gRPC", "MongoDB", "Cassandra", "DynamoDB", "Elasticsearch", "Neo4j", "NoSQL"),
    *("AWS", "Azure", "GCP", "Google Cloud", "Terraform", "Ansible", "Jenkins", "Snowflake", "BigQuery", "Airflow"),
    *("Hadoop", "dbt", "pandas", "NumPy", "PyTorch", "TensorFlow", "scikit-learn", "LangChain", "LLM", "Linux"),
    *("Scrum", "Salesforce", "SAP", "Power BI", "Tableau", "Selenium", "Playwright", "Cypress"),
)
ELSEWHERE: Mapping[str, str] = MappingProxyType({name.lower() if not name.isupper() else name: name for name in _NAMES})
"""Term -> name, as `Terms` takes them."""
