"""Case reviews: samples of anonymous cases answered against the requirements, with rates and intervals."""
